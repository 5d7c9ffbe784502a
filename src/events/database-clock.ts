import type pg from 'pg'

/** Postgres's clock beside this process's own, which no change of the time of day moves. */
export class DatabaseClock {
  /** What Postgres's clock is ahead of performance.now(). */
  #aheadMs: number | undefined

  constructor(private readonly client: pg.Client) {}

  /** Asks Postgres for the time; the answer counts for the middle of the way there and back. */
  async compare(): Promise<void> {
    const askedAt = performance.now()
    const { rows } = await this.client.query<{ now: string }>(
      'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now',
    )
    this.#aheadMs = Number(rows[0]?.now) - (askedAt + performance.now()) / 2
  }

  /** When Postgres's clock showed that, by performance.now(). */
  here(databaseMs: number): number | undefined {
    return this.#aheadMs === undefined || Number.isNaN(databaseMs) ? undefined : databaseMs - this.#aheadMs
  }
}
