/** Applies prisma/migrations as `prisma migrate deploy` would, and leaves the same notes, so that Prisma's tools agree. */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { DatabaseError, DatabaseVersionError } from './database.errors.js'
import type { Migration } from './migrations.js'

/** The lock that Prisma's own migrations take. */
const ADVISORY_LOCK = 72_707_369
const OLDEST_POSTGRES = 15

const NOTES_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`

interface Note {
  name: string
  checksum: string
  finished: boolean
}

/** Safe when several processes start at once: one works, the others wait and find it done. Gives the names applied. */
export async function migrate(client: pg.Client, migrations: readonly Migration[]): Promise<string[]> {
  await checkServer(client)
  await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK])
  try {
    await client.query(NOTES_TABLE)
    const applied = await appliedNames(client, migrations)
    const pending = migrations.filter(({ name }) => !applied.has(name))
    for (const migration of pending) await apply(client, migration)
    return pending.map(({ name }) => name)
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [ADVISORY_LOCK]).catch(() => undefined)
  }
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string; encoding: string }>(
    "SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding",
  )
  const [server = { version: '0', encoding: '' }] = rows
  const major = Math.floor(Number(server.version) / 10_000)
  if (major < OLDEST_POSTGRES) {
    throw new DatabaseError(`Graft needs Postgres ${String(OLDEST_POSTGRES)} or newer; this one is ${String(major)}.`)
  }
  if (server.encoding !== 'UTF8') {
    throw new DatabaseError(`Graft needs a database in UTF8; this one is in ${server.encoding}. Make another one.`)
  }
}

async function appliedNames(client: pg.Client, migrations: readonly Migration[]): Promise<Set<string>> {
  const { rows } = await client.query<Note>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
     FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY started_at`,
  )
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]))
  for (const { name, checksum, finished } of rows) {
    if (!known.has(name)) {
      throw new DatabaseVersionError(
        `The database was migrated by a newer Graft (it has "${name}"). Start that version, or restore a backup from before.`,
      )
    }
    if (known.get(name) !== checksum) {
      throw new DatabaseVersionError(
        `The database and this Graft disagree about the migration "${name}": one of them was changed after it was applied. Start the version that made the database, or restore prisma/migrations.`,
      )
    }
    if (!finished) {
      throw new DatabaseVersionError(
        `The migration "${name}" was begun and did not end. Repair it with Prisma ("prisma migrate resolve"), then start Graft again.`,
      )
    }
  }
  return new Set(rows.map(({ name }) => name))
}

/** All of it or nothing. */
async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    )
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw new DatabaseError(`The migration "${name}" could not be applied: ${String(cause)}`, { cause })
  }
}
