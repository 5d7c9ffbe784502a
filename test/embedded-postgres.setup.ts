/** Once for all test files: dist as the sources are now, and one Postgres with a migrated template database. */
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import pino from 'pino'
import type { TestProject } from 'vitest/node'
import { ensureBuilt } from '../scripts/build.mjs'
import { projectFile } from '../src/config/project-root.js'
import { openEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.js'
import { readMigrations } from '../src/database/migrations.js'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string
    templateDatabase: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await ensureBuilt()
  const log = pino({ level: 'warn' })
  // The files stay for the next run, which then starts in no time; runs at the same time share the server.
  const dataDir = join(tmpdir(), `graft-test-${createHash('sha256').update(projectFile()).digest('hex').slice(0, 8)}`)
  const postgres = await openEmbeddedPostgres({ dataDir, log })
  project.provide('postgresUrl', postgres.url)
  project.provide('templateDatabase', await prepareDatabases(postgres.url))
  return async () => {
    await dropDatabases(postgres.url, (name) => name.startsWith(`graft_test_${String(process.pid)}_`))
    await postgres.close()
  }
}

/** The template's name says what is in it, so it is made once and never changed. */
async function prepareDatabases(url: string): Promise<string> {
  const migrations = await readMigrations(projectFile('prisma', 'migrations'))
  const digest = createHash('sha256')
    .update(migrations.map(({ checksum }) => checksum).join())
    .digest('hex')
  const template = `graft_template_${digest.slice(0, 16)}`
  await dropDatabases(url, (name) => isLeftOver(name, template))
  await withClient(url, async (client) => {
    await client.query('SELECT pg_advisory_lock(1)')
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template])
    if (rowCount !== 0) return
    const draft = `graft_test_${String(process.pid)}_template`
    await client.query(`CREATE DATABASE ${draft}`)
    // Only now: it needs the Prisma client that the build has made.
    const { applyMigrations } = await import('../src/database/database.js')
    await applyMigrations(databaseUrl(url, draft))
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`)
  })
  return template
}

/** Of runs that were killed, and templates of other migrations. */
function isLeftOver(name: string, template: string): boolean {
  const [, pid] = /^graft_test_(\d+)_/.exec(name) ?? []
  if (pid === undefined) return name.startsWith('graft_template_') && name !== template
  try {
    process.kill(Number(pid), 0)
    return false
  } catch {
    return true
  }
}

async function dropDatabases(url: string, isDropped: (name: string) => boolean): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database')
    for (const { datname } of rows) {
      if (isDropped(datname)) await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`)
    }
  })
}

async function withClient(url: string, action: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await action(client)
  } finally {
    await client.end()
  }
}

function databaseUrl(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href
}
