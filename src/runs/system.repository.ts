import type { PrismaClient, Trainer, TrainingRunStatus } from '../database/generated/client.js'

/** A trainer that was not seen for so long is not listed. */
const SEEN_WITHIN_SECONDS = 15

export class SystemRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Those that live, by Postgres's clock, the latest seen first. */
  async trainers(): Promise<Trainer[]> {
    const live = await this.prisma.$queryRaw<{ id: string }[]>`
      SELECT id FROM trainer WHERE last_seen_at > now() - make_interval(secs => ${SEEN_WITHIN_SECONDS})`
    const ids = live.map((row) => row.id)
    return this.prisma.trainer.findMany({
      where: { id: { in: ids } },
      orderBy: [{ lastSeenAt: 'desc' }, { id: 'asc' }],
    })
  }

  lastSeen(): Promise<Trainer | null> {
    return this.prisma.trainer.findFirst({ orderBy: [{ lastSeenAt: 'desc' }, { id: 'asc' }] })
  }

  countRuns(statuses: readonly TrainingRunStatus[]): Promise<number> {
    return this.prisma.trainingRun.count({ where: { status: { in: [...statuses] } } })
  }
}
