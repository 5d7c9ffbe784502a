import { randomBytes } from 'node:crypto'
import pg from 'pg'
import pino from 'pino'
import { inject } from 'vitest'
import { openPrisma } from '../src/database/database.js'
import type { PrismaClient } from '../src/database/generated/client.js'

export interface TestDatabase {
  readonly url: string
  readonly prisma: PrismaClient
  /** Fails if the test left connections open: whoever opens something closes it. */
  close(): Promise<void>
}

/** A fresh database of the run's one real Postgres: migrated, unless it is to be empty. */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const name = `graft_test_${String(process.ppid)}_${randomBytes(6).toString('hex')}`
  await administrate(`CREATE DATABASE ${name} TEMPLATE ${empty ? 'template1' : inject('templateDatabase')}`)
  const url = Object.assign(new URL(inject('postgresUrl')), { pathname: `/${name}` }).href
  const prisma = openPrisma({ url, applicationName: 'graft-test', log: pino({ level: 'silent' }) })
  return {
    url,
    prisma,
    close: async () => {
      await prisma.$disconnect()
      // Waits 5 seconds for connections to end.
      await administrate(`DROP DATABASE ${name}`).catch(async (error: unknown) => {
        await administrate(`DROP DATABASE ${name} WITH (FORCE)`)
        throw error
      })
    },
  }
}

async function administrate(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
