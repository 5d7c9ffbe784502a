import type { Transaction } from '../database/database.js'

/** Of a dataset's pictures and labels, whatever their order; it costs what counting them costs. */
export async function fingerprintOf(tx: Transaction, datasetId: string): Promise<string> {
  const [row] = await tx.$queryRaw<{ count: bigint; sum: string | null }[]>`
    SELECT count(*) AS count, sum(hashtextextended(sha256 || ' ' || label, 0))::text AS sum
    FROM image WHERE dataset_id = ${datasetId}::uuid AND removed_at IS NULL`
  return `${String(row?.count ?? 0)} ${row?.sum ?? ''}`
}
