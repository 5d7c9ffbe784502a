import type { PrismaClient, TrainingRun } from '../database/generated/client.js'
import { FINAL_STATUSES } from '../domain/status.js'

export class RunChangeRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Postgres's clock. */
  async now(): Promise<Date> {
    const [row] = await this.prisma.$queryRaw<[{ now: Date }]>`SELECT now()`
    return row.now
  }

  /** Runs that may have changed: those that have not ended, were created or ended since, or are asked for by id. */
  candidates({ datasetId, since, ids }: { datasetId: string | null; since: Date; ids: readonly string[] }) {
    return this.prisma.trainingRun.findMany({
      where: {
        ...(datasetId === null ? {} : { datasetVersion: { datasetId } }),
        OR: [
          { status: { notIn: [...FINAL_STATUSES] } },
          { createdAt: { gte: since } },
          { finishedAt: { gte: since } },
          { id: { in: [...ids] } },
        ],
      },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    }) satisfies Promise<TrainingRun[]>
  }
}
