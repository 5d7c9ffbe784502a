import type { Transaction } from '../database/database.js'

/** Freezing a version, or changing a great many pictures, takes a while; whoever waits for it has to be as patient. */
export const CHANGE_TIMEOUTS = { timeout: 60_000, maxWait: 10_000 }

/**
 * Whoever changes pictures that are there, or freezes them, does it one after the other; imports, which only add to a
 * dataset, do not wait.
 * @returns those of the datasets that exist
 */
export async function lockDatasets(tx: Transaction, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM dataset WHERE id = ANY (${[...ids]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`
  return rows.map((row) => row.id)
}
