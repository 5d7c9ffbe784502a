import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { DatabaseError } from './database.errors.js'

/** Waited for: a database in the next container may need a moment longer than we do. */
const PATIENCE_MS = 5000
const STARTING_PATIENCE_MS = 60_000

const STARTING = '57P03'
/** Worth another try: nobody answers yet, or everybody is talking at once. */
const PASSING = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '53300', STARTING])

const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: check that Postgres runs, and the host and port in DATABASE_URL',
  ENOTFOUND: 'the host is not known: check its name in DATABASE_URL',
  EAI_AGAIN: 'the host is not known: check its name in DATABASE_URL',
  ETIMEDOUT: 'nothing answers: check the host in DATABASE_URL, and that no firewall is between',
  '28P01': 'it refuses the password: check user and password in DATABASE_URL',
  '28000': 'it refuses the user: check the user in DATABASE_URL, pg_hba.conf, and whether it wants ?sslmode=require',
  '3D000': 'it has no such database: create it ("createdb"), or correct the name in DATABASE_URL',
  '53300': 'it has too many connections: raise max_connections',
  [STARTING]: 'it is starting or stopping: try again',
}

/** A client that is connected. Throws DatabaseError that says what to check, never with the password. */
export async function connect(url: string, applicationName: string): Promise<pg.Client> {
  const started = Date.now()
  for (;;) {
    const client = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: PATIENCE_MS,
    })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.end().catch(() => undefined)
      const code = codeOf(error)
      const patience = code === STARTING ? STARTING_PATIENCE_MS : PASSING.has(code) ? PATIENCE_MS : 0
      if (Date.now() - started > patience) throw unreachable(url, code, error)
      await sleep(250)
    }
  }
}

function unreachable(url: string, code: string, cause: unknown): DatabaseError {
  const { hostname, port, pathname } = new URL(url)
  const place = `${hostname}:${port === '' ? '5432' : port}${pathname}`
  const advice = ADVICE[code] ?? (cause instanceof Error ? cause.message : String(cause))
  return new DatabaseError(`The database ${place} cannot be used: ${advice}.`, { cause })
}

/** A name with several addresses fails with one error for each. */
function codeOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  if (first instanceof Error && 'code' in first && typeof first.code === 'string') return first.code
  return first instanceof Error && /timeout/i.test(first.message) ? 'ETIMEDOUT' : ''
}
