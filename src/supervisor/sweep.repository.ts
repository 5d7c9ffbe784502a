/** Rows that wait for a worker; the sweep gives a job to those that have none. */
import type { PrismaClient } from '../database/generated/client.js'
import { rowIdOf, type JobPayloads, type QueueName } from '../jobs/payloads.js'
import type { Queue } from '../jobs/queue.js'

const UNFINISHED = { state: { in: ['QUEUED' as const, 'RUNNING' as const] } }

export class SweepRepository {
  constructor(
    private readonly prisma: PrismaClient,
    private readonly queue: Queue,
  ) {}

  /** Row and job are written together; but a queue can be lost, and a job ends after a day. @returns how many it was */
  async enqueueLost(): Promise<number> {
    const { imageImport, evaluation, datasetHealth } = this.prisma
    const imports = await imageImport.findMany({ where: UNFINISHED, select: { id: true } })
    const evaluations = await evaluation.findMany({ where: UNFINISHED, select: { id: true } })
    const inspections = await datasetHealth.findMany({ where: UNFINISHED, select: { datasetId: true } })
    return (
      (await this.#enqueue(
        'import',
        imports.map(({ id }) => ({ importId: id })),
      )) +
      (await this.#enqueue(
        'evaluation',
        evaluations.map(({ id }) => ({ evaluationId: id })),
      )) +
      (await this.#enqueue('inspection', inspections))
    )
  }

  async #enqueue<Name extends QueueName>(queue: Name, payloads: readonly JobPayloads[Name][]): Promise<number> {
    const lost = new Set(await this.queue.withoutJob(queue, payloads.map(rowIdOf)))
    for (const payload of payloads.filter((each) => lost.has(rowIdOf(each)))) {
      await this.prisma.$transaction((tx) => this.queue.enqueue(tx, { queue, payload }))
    }
    return lost.size
  }
}
