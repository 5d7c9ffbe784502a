/** Two servers on an embedded Postgres, each a process of its own: what the figures of API and serving are taken from. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { demoEnvironment } from '../../cli/environment.js'
import { withTemporaryFolder } from '../../cli/temporary-folder.js'
import { applyMigrations, openPrisma } from '../../src/database/database.js'
import { openEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js'
import type { PrismaClient } from '../../src/database/generated/client.js'

export interface StagedServer {
  /** E.g. http://127.0.0.1:40123/graphql */
  readonly url: string
  /** From its start until it said that it is ready. */
  readonly startSeconds: number
  /** Resident now; null where there is no /proc. */
  memoryBytes(): Promise<number | null>
}

export interface Stage {
  readonly prisma: PrismaClient
  readonly databaseUrl: string
  readonly servers: readonly StagedServer[]
}

const SERVER = fileURLToPath(new URL('../../src/server.js', import.meta.url))
const ADDRESS = /ready at (http:\S+)/

/** @param seed fills the database, and the data folder, before the servers start */
export async function withStage(
  seed: (prisma: PrismaClient, dataDir: string) => Promise<void>,
  use: (stage: Stage) => Promise<void>,
): Promise<void> {
  const log = pino({ level: 'error' })
  await withTemporaryFolder(async (dataDir) => {
    const postgres = await openEmbeddedPostgres({ dataDir, log })
    await applyMigrations(postgres.url)
    const prisma = openPrisma({ url: postgres.url, applicationName: 'graft-bench', log })
    const children: ChildProcess[] = []
    const settings = { PORT: '0', DATABASE_URL: postgres.url, GRAFT_DATA_DIR: dataDir, GRAFT_LOG_LEVEL: 'error' }
    try {
      await seed(prisma, dataDir)
      const servers: StagedServer[] = []
      for (let i = 0; i < 2; i++) servers.push(await startServer(demoEnvironment(settings), children))
      await use({ prisma, databaseUrl: postgres.url, servers })
    } finally {
      await Promise.all(children.map(stop))
      await prisma.$disconnect()
      await postgres.close()
    }
  })
}

/** @param children where its process is put before anything can fail */
async function startServer(
  env: Readonly<Record<string, string | undefined>>,
  children: ChildProcess[],
): Promise<StagedServer> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [SERVER], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const ready = new Promise<string>((resolve) => {
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      const [, address] = ADDRESS.exec((said += part)) ?? []
      if (address !== undefined) resolve(address)
    })
  })
  const address = await Promise.race([ready, once(child, 'exit').then(() => undefined)])
  if (address === undefined) throw new Error('A server did not start')
  const startSeconds = (performance.now() - startedAt) / 1000
  return { url: `${address}/graphql`, startSeconds, memoryBytes: () => residentBytes(child.pid) }
}

async function residentBytes(pid: number | undefined): Promise<number | null> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '')
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
  return kilobytes === undefined ? null : Number(kilobytes) * 1024
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}
