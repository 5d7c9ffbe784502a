import { readFile, realpath } from 'node:fs/promises'
import pg from 'pg'
import { DatabaseError } from '../database.errors.js'
import type { ClusterHome } from './cluster-home.js'
import { SUPERUSER } from './initialise-cluster.js'

export const DATABASE_NAME = 'graft'
const CANNOT_CONNECT_NOW = '57P03'
const INVALID_PASSWORD = '28P01'

export type Answer = 'ours' | 'starting' | 'silent' | 'foreign'

/** Whoever answers on the port is trusted only once it takes our password and names our data folder and version. */
export async function probe(home: ClusterHome, port: number): Promise<Answer> {
  const client = new pg.Client({
    connectionString: await urlOf(home, { port, database: 'postgres' }),
    connectionTimeoutMillis: 5000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await servesOurs(client, home)) ? 'ours' : 'foreign'
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? error.code : undefined
    if (code === CANNOT_CONNECT_NOW) return 'starting'
    return code === INVALID_PASSWORD ? 'foreign' : 'silent'
  } finally {
    await client.end().catch(() => undefined)
  }
}

export async function urlOf(home: ClusterHome, at: { port: number; database: string }): Promise<string> {
  const password = await readFile(home.passwordFile, 'utf8').catch((cause: unknown) => {
    throw new DatabaseError(
      `${home.passwordFile} cannot be read. If Graft ran as another user before (root, say), start it as that user again.`,
      { cause },
    )
  })
  return `postgresql://${SUPERUSER}:${encodeURIComponent(password.trim())}@127.0.0.1:${String(at.port)}/${at.database}`
}

async function servesOurs(client: pg.Client, home: ClusterHome): Promise<boolean> {
  const { rows } = await client.query<{ directory: string; version: string }>(
    "SELECT current_setting('data_directory') AS directory, current_setting('server_version_num') AS version",
  )
  const major = (await readFile(`${home.cluster}/PG_VERSION`, 'utf8')).trim()
  const [row] = rows
  if (row === undefined || (await realpath(row.directory)) !== (await realpath(home.cluster))) return false
  if (String(Math.floor(Number(row.version) / 10_000)) !== major) return false
  await ensureDatabase(client)
  return true
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE_NAME])
  if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE_NAME}`)
}
