/** Tells "Postgres cannot be reached now" from errors that come again however often one tries. */

/** Prisma's, node-postgres's, Node's and Postgres's words for it. */
const CODES = new Set([
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'],
  ...['57P01', '57P02', '57P03', '25P03', '08000', '08001', '08003', '08006', '53300'],
])
const TEXT =
  /connection terminated|terminating connection|can't reach database|connection (?:is )?closed|not queryable|timeout exceeded when trying to connect|server has closed the connection|the database system is (?:starting|shutting|in recovery)|not (?:currently|yet) accepting connections/i

export function isDatabaseOutOfReach(error: unknown): boolean {
  for (const each of causes(error)) {
    if (CODES.has(String(each['code'])) || CODES.has(String(each['originalCode']))) return true
    if (TEXT.test(String(each['message']))) return true
  }
  return false
}

/** An error and what caused it. */
export function* causes(error: unknown): Generator<Record<string, unknown>> {
  for (let at = error, steps = 0; typeof at === 'object' && at !== null && steps < 8; steps++) {
    yield at as Record<string, unknown>
    at = (at as { cause?: unknown }).cause
  }
}
