// `npm run migration NAME` writes a migration with what prisma/schema.prisma says and prisma/migrations does not yet.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { ensureBuilt } from './build.mjs'
import { schemaDifference } from './schema-engine.mjs'

const name = process.argv[2] ?? ''
if (!/^[a-z0-9_]+$/.test(name)) {
  process.stderr.write('Say what the migration does: npm run migration add_something\n')
  process.exit(1)
}

await ensureBuilt()
const { openEmbeddedPostgres } = await import('../dist/src/database/embedded/embedded-postgres.js')
const { applyMigrations } = await import('../dist/src/database/database.js')

const dataDir = await mkdtemp(join(tmpdir(), 'graft-migration-'))
const postgres = await openEmbeddedPostgres({ dataDir, log: pino({ level: 'warn' }) })
try {
  await applyMigrations(postgres.url)
  const sql = await schemaDifference(postgres.url)
  if (sql === '') process.stdout.write('The migrations make what the schema says: there is nothing to write.\n')
  else process.stdout.write(`${await writeMigration(sql)}\n`)
} finally {
  await postgres.close()
  await rm(dataDir, { recursive: true, force: true })
}

async function writeMigration(sql) {
  const time = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
  const folder = fileURLToPath(new URL(`../prisma/migrations/${time}_${name}`, import.meta.url))
  await mkdir(folder)
  await writeFile(join(folder, 'migration.sql'), sql)
  return join(folder, 'migration.sql')
}
