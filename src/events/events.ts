/**
 * Bells between processes over Postgres's LISTEN/NOTIFY. A bell carries no news: it says that a row may have changed, and
 * whoever waits reads the row. So a lost ring costs time and never an event.
 */
import type { Transaction } from '../database/database.js'

/**
 * `health` rings for a dataset's, by the dataset's id. `runs` rings for any change of status among a dataset's runs: its id
 * is the dataset's. `portions` rings where a run offers features to compute.
 */
export const TOPICS = ['run', 'import', 'evaluation', 'health', 'runs', 'cancel', 'token', 'portions'] as const
export type Topic = (typeof TOPICS)[number]

export interface Bell {
  /**
   * Resolves at the next ring, or at once if one came since the last `next`; many rings in between are one. Resolves after
   * `close` too. Ask for the bell before the first read of the row, or a change in between waits for the next tick.
   */
  next(): Promise<void>
  readonly closed: boolean
  /** Says that what the last ring was about has been read: for counting. */
  delivered(): void
  close(): void
  /** Yields at every ring until the bell is closed. */
  [Symbol.asyncIterator](): AsyncIterator<void>
}

export interface Events {
  /** Without an id: the topic's rings for any id. */
  bell(topic: Topic, id?: string): Bell
  /** Resolves once the process listens. Bells work before that: they ring when it does. */
  start(): Promise<void>
  /** Closes every bell and the connection. */
  close(): Promise<void>
}

export const CHANNEL = 'graft'

/** Rings when the transaction commits; never if it rolls back. The time, by Postgres's clock, is for counting only. */
export async function notify(tx: Transaction, { topic, id }: { topic: Topic; id: string }): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${CHANNEL}, 
    ${`${topic}:${id}@`} || floor(extract(epoch FROM clock_timestamp()) * 1000))`
}
