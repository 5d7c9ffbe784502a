import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import type { Logger } from 'pino'
import type { Config } from '../config/config.js'
import { projectFile } from '../config/project-root.js'
import { connect } from './connect.js'
import { openEmbeddedPostgres } from './embedded/embedded-postgres.js'
import { PrismaClient, type Prisma } from './generated/client.js'
import { migrate } from './migrate.js'
import { readMigrations, type Migration } from './migrations.js'

/** What `prisma.$transaction(async (tx) => …)` hands over; a PrismaClient serves as one too. */
export type Transaction = Prisma.TransactionClient

export interface Database {
  readonly prisma: PrismaClient
  /** Under `prisma`, for counting. */
  readonly pool: Pick<pg.Pool, 'totalCount' | 'idleCount' | 'waitingCount'>
  /** Names of the migrations that this Graft has applied, or found applied. */
  readonly migrations: readonly string[]
  /** For rooms that hold their own connections: events and jobs. */
  readonly url: string
  /** Closes the pool; the last Graft process in the data folder stops the embedded Postgres too. */
  close(): Promise<void>
}

/** Connections of one process's pool; the embedded Postgres takes 200 in all. */
const POOL_SIZE = 10
const CONNECT_TIMEOUT_MS = 10_000
/** Longer than Prisma lets one of ours last. */
const IDLE_IN_TRANSACTION_MS = 60_000

/** Ready for use: started if it is ours, and migrated. Throws DatabaseError, which says what to check. */
export async function openDatabase(options: {
  config: Pick<Config, 'databaseUrl' | 'dataDir'>
  /** What Postgres's own lists call our connections. */
  applicationName: string
  log: Logger
  /**
   * After this long without a statement Postgres ends a transaction: a process that was suspended within one does not keep
   * its rows from others for longer.
   */
  idleInTransactionMs?: number
}): Promise<Database> {
  const { config, applicationName, log, idleInTransactionMs = IDLE_IN_TRANSACTION_MS } = options
  const embedded =
    config.databaseUrl === undefined ? await openEmbeddedPostgres({ dataDir: config.dataDir, log }) : undefined
  const url = embedded?.url ?? config.databaseUrl ?? ''
  try {
    const applied = await applyMigrations(url)
    if (applied.length > 0) log.info({ migrations: applied }, 'The database is migrated.')
    const pool = openPool(url, { applicationName, idleInTransactionMs })
    const prisma = prismaOver(pool, log)
    return {
      prisma,
      pool,
      migrations: (await ownMigrations()).map(({ name }) => name),
      url,
      close: async () => {
        await prisma.$disconnect()
        await embedded?.close()
      },
    }
  } catch (error) {
    await embedded?.close()
    throw error
  }
}

/** Gives the names of the migrations that were missing. */
export async function applyMigrations(url: string): Promise<string[]> {
  const client = await connect(url, 'graft-migrator')
  try {
    return await migrate(client, await ownMigrations())
  } finally {
    await client.end()
  }
}

function ownMigrations(): Promise<Migration[]> {
  return readMigrations(projectFile('prisma', 'migrations'))
}

export function openPrisma({
  url,
  applicationName,
  log,
}: {
  url: string
  applicationName: string
  log: Logger
}): PrismaClient {
  return prismaOver(openPool(url, { applicationName, idleInTransactionMs: IDLE_IN_TRANSACTION_MS }), log)
}

interface Sessions {
  readonly applicationName: string
  readonly idleInTransactionMs: number
}

function openPool(url: string, { applicationName, idleInTransactionMs }: Sessions): pg.Pool {
  return new pg.Pool({
    connectionString: url,
    application_name: applicationName,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    keepAlive: true,
  })
}

function prismaOver(pool: pg.Pool, log: Logger): PrismaClient {
  const adapter = new PrismaPg(pool, {
    disposeExternalPool: true,
    // An idle connection that ends is replaced; without a listener it would end the process.
    onPoolError: (error) => log.warn({ err: error }, 'A connection to the database was lost.'),
  })
  return new PrismaClient({ adapter, transactionOptions: { maxWait: CONNECT_TIMEOUT_MS, timeout: 30_000 } })
}
