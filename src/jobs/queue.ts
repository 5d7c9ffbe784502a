/**
 * The queue of imports, evaluations and inspections, in Postgres. A job only says whose turn it is: what is to be done, and how far it
 * is, stands in the row. Runs have no jobs: they wait as rows (docs/decisions/021-runs-wait-as-rows.md).
 */
import type { Transaction } from '../database/database.js'
import type { JobPayloads, QueueName } from './payloads.js'

/**
 * `signal` aborts when the job was given to somebody else, and when the queue stops. A handler that ends because of it
 * throws: one that returns has done its job.
 */
export type JobHandler<Name extends QueueName> = (
  payload: JobPayloads[Name],
  context: { signal: AbortSignal; attempt: number },
) => Promise<void>

export interface Queue {
  /** Makes the queue's tables if they are missing. Needed before anything else, also to enqueue. */
  start(): Promise<void>
  /**
   * In the caller's transaction: the job is there if and only if it commits. A row that has an unfinished job gets no
   * second one.
   */
  enqueue<Name extends QueueName>(
    tx: Transaction,
    job: {
      queue: Name
      payload: JobPayloads[Name]
      /** To wait before the job may be taken; 0 if left out. */
      startAfterSeconds?: number
    },
  ): Promise<void>
  /** Runs the handler for each job, with heartbeats; a job whose worker died, or whose handler threw, is taken again. */
  work<Name extends QueueName>(
    queue: Name,
    handler: JobHandler<Name>,
    options?: { concurrency?: number },
  ): Promise<void>
  /** Those of the ids (of the rows that the payloads name) that have no unfinished job. */
  withoutJob(queue: QueueName, ids: readonly string[]): Promise<string[]>
  /** Within 2 seconds. Jobs whose handlers have not ended by then are taken again at once. */
  stop(): Promise<void>
}
