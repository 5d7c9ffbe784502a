/** The queue in Postgres. A job only says whose turn it is: what is to be done, and how far it is, stands in the row. */
import type { Transaction } from '../database/database.js'
import type { JobPayloads, QueueName } from './payloads.js'

export interface EnqueueOptions {
  /** Higher ones are taken first; 0 if left out. */
  priority?: number
  /** Seconds to wait before the job may be taken. */
  startAfterSeconds?: number
}

export interface FetchedJob<Name extends QueueName> {
  readonly id: string
  /** Times that the job was taken from a worker before: names this attempt when it is completed or failed. */
  readonly retryCount: number
  readonly payload: JobPayloads[Name]
}

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
    job: { queue: Name; payload: JobPayloads[Name] } & EnqueueOptions,
  ): Promise<void>
  /** Takes the next job, or null. Its taker completes it, or fails it to have it taken again. */
  fetch<Name extends QueueName>(queue: Name): Promise<FetchedJob<Name> | null>
  /** In the caller's transaction, if one is given. False if the job was no longer the taker's. */
  complete<Name extends QueueName>(queue: Name, job: FetchedJob<Name>, tx?: Transaction): Promise<boolean>
  /** Gives the job back, to be taken again. */
  fail<Name extends QueueName>(queue: Name, job: FetchedJob<Name>, reason: string): Promise<void>
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
