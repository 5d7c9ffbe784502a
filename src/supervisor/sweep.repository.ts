/** Rows that wait for a worker; the sweep gives a job to those that have none. */
import type { PrismaClient } from '../database/generated/client.js'
import type { Queue } from '../jobs/queue.js'

export class SweepRepository {
  constructor(
    private readonly prisma: PrismaClient,
    private readonly queue: Queue,
  ) {}

  /** Row and job are written together; but a queue can be lost, and a job ends after a day. @returns how many it was */
  async enqueueLost(): Promise<number> {
    return (
      (await this.enqueueLostImports()) + (await this.enqueueLostEvaluations()) + (await this.enqueueLostInspections())
    )
  }

  private async enqueueLostImports(): Promise<number> {
    const rows = await this.prisma.imageImport.findMany({
      where: { state: { in: ['QUEUED', 'RUNNING'] } },
      select: { id: true },
    })
    const lost = await this.queue.withoutJob('import', rows.map(idOf))
    for (const importId of lost) {
      await this.prisma.$transaction((tx) => this.queue.enqueue(tx, { queue: 'import', payload: { importId } }))
    }
    return lost.length
  }

  private async enqueueLostEvaluations(): Promise<number> {
    const rows = await this.prisma.evaluation.findMany({
      where: { state: { in: ['QUEUED', 'RUNNING'] } },
      select: { id: true },
    })
    const lost = await this.queue.withoutJob('evaluation', rows.map(idOf))
    for (const evaluationId of lost) {
      await this.prisma.$transaction((tx) => this.queue.enqueue(tx, { queue: 'evaluation', payload: { evaluationId } }))
    }
    return lost.length
  }

  private async enqueueLostInspections(): Promise<number> {
    const rows = await this.prisma.datasetHealth.findMany({
      where: { state: { in: ['QUEUED', 'RUNNING'] } },
      select: { datasetId: true },
    })
    const lost = await this.queue.withoutJob(
      'inspection',
      rows.map((row) => row.datasetId),
    )
    for (const datasetId of lost) {
      await this.prisma.$transaction((tx) => this.queue.enqueue(tx, { queue: 'inspection', payload: { datasetId } }))
    }
    return lost.length
  }
}

function idOf({ id }: { id: string }): string {
  return id
}
