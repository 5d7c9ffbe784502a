import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { schemaDifference } from '../../scripts/schema-engine.mjs'
import { projectFile } from '../../src/config/project-root.js'
import { applyMigrations } from '../../src/database/database.js'
import { migrate } from '../../src/database/migrate.js'
import { readMigrations } from '../../src/database/migrations.js'
import { createTestDatabase, type TestDatabase } from '../database.js'

const opened: TestDatabase[] = []

async function openTestDatabase(options?: { empty: boolean }): Promise<TestDatabase> {
  const database = await createTestDatabase(options)
  opened.push(database)
  return database
}

async function connectTo({ url }: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()))
})

describe('the migrations', () => {
  it('make exactly the database that the Prisma schema describes', async () => {
    const { url } = await openTestDatabase()
    expect(await schemaDifference(url)).toBe('')
  })

  it('are seen to differ from the schema when a column is missing', async () => {
    const { url, prisma } = await openTestDatabase()
    await prisma.$executeRaw`ALTER TABLE training_run DROP COLUMN attempts`
    expect(await schemaDifference(url)).toContain('"attempts"')
  })

  it('are applied once when several processes start at the same time', async () => {
    const { url } = await openTestDatabase({ empty: true })
    const applied = await Promise.all([1, 2, 3, 4].map(() => applyMigrations(url)))
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
    expect(await applyMigrations(url)).toEqual([])
  })

  it('leave the notes that Prisma itself would leave', async () => {
    const { prisma } = await openTestDatabase()
    const notes = await prisma.$queryRaw<
      { migration_name: string; checksum: string }[]
    >`SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL`
    const migrations = await readMigrations(projectFile('prisma', 'migrations'))
    expect(notes).toEqual(migrations.map(({ name, checksum }) => ({ migration_name: name, checksum })))
  })
})

describe('migrate', () => {
  it('says that a database with an unknown migration was made by a newer version', async () => {
    const database = await openTestDatabase()
    const client = await connectTo(database)
    await expect(migrate(client, [])).rejects.toThrow(/newer Graft.*_init/)
    await client.end()
  })

  it('refuses a database whose migration had other text', async () => {
    const database = await openTestDatabase()
    await database.prisma.$executeRaw`UPDATE _prisma_migrations SET checksum = 'other'`
    await expect(applyMigrations(database.url)).rejects.toThrow(/disagree about the migration/)
  })

  it('applies all of a migration or nothing, and lets the next start try again', async () => {
    const database = await openTestDatabase({ empty: true })
    const client = await connectTo(database)
    const broken = { name: '1_half', sql: 'CREATE TABLE half (id int); SELECT 1 / 0', checksum: 'a' }
    await expect(migrate(client, [broken])).rejects.toThrow(/"1_half" could not be applied.*division by zero/)
    const mended = { ...broken, sql: 'CREATE TABLE half (id int)', checksum: 'b' }
    expect(await migrate(client, [mended])).toEqual(['1_half'])
    await client.end()
  })

  it('says what to check when nobody listens, without the password', async () => {
    const attempt = applyMigrations('postgresql://graft:topsecret@127.0.0.1:1/graft')
    await expect(attempt).rejects.toThrow(/127\.0\.0\.1:1\/graft cannot be used: nothing listens there.*DATABASE_URL/)
    await expect(attempt).rejects.not.toThrow(/topsecret/)
  })

  it('says that the password is wrong', async () => {
    const { url } = await openTestDatabase()
    const wrong = Object.assign(new URL(url), { password: 'wrong' }).href
    await expect(applyMigrations(wrong)).rejects.toThrow(/refuses the password/)
  })
})
