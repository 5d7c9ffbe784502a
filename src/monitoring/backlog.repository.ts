/** What waits and what is worked on, counted in Postgres: the rows are the truth, jobs only say whose turn it is. */
import type { PrismaClient } from '../database/generated/client.js'

export interface QueueDepth {
  readonly queue: string
  readonly waiting: number
  readonly active: number
  /** Of the one that has waited longest; 0 where nothing waits. */
  readonly oldestSeconds: number
}

export interface Backlog {
  readonly queues: readonly QueueDepth[]
  readonly runs: readonly { readonly status: string; readonly count: number }[]
}

export class BacklogRepository {
  constructor(private readonly prisma: PrismaClient) {}

  async read(): Promise<Backlog> {
    const [queues, runs] = await Promise.all([this.queues(), this.runs()])
    return { queues, runs }
  }

  /** By the rows that have not ended, for which each table has an index. */
  private queues(): Promise<QueueDepth[]> {
    return this.prisma.$queryRaw<QueueDepth[]>`
      SELECT queue, (count(*) FILTER (WHERE waits))::int AS waiting, (count(*) FILTER (WHERE NOT waits))::int AS active,
        coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE waits)), 0)::float8 AS "oldestSeconds"
      FROM (
        SELECT 'run' AS queue, status = 'QUEUED' AS waits, created_at FROM training_run
          WHERE status IN ('QUEUED', 'PREPARING', 'RUNNING', 'EVALUATING')
        UNION ALL
        SELECT 'import', state = 'QUEUED', created_at FROM image_import WHERE state IN ('QUEUED', 'RUNNING')
        UNION ALL
        SELECT 'evaluation', state = 'QUEUED', created_at FROM evaluation WHERE state IN ('QUEUED', 'RUNNING')
        UNION ALL
        SELECT 'inspection', state = 'QUEUED', requested_at FROM dataset_health WHERE state IN ('QUEUED', 'RUNNING')
      ) AS unfinished GROUP BY queue`
  }

  private runs(): Promise<{ status: string; count: number }[]> {
    return this.prisma.$queryRaw`SELECT status::text, count(*)::int FROM training_run GROUP BY status`
  }
}
