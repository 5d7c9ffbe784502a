/** Servers on an embedded Postgres, each a process of its own: what the figures of API and serving are taken from. */
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { demoEnvironment } from '../../cli/environment.js'
import { withTemporaryFolder } from '../../cli/temporary-folder.js'
import { frugalEnvironment } from '../../src/config/allocator.js'
import { applyMigrations, openPrisma } from '../../src/database/database.js'
import { openEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js'
import type { PrismaClient } from '../../src/database/generated/client.js'
import { heldBytes } from './inspector.js'

export interface StagedServer {
  /** E.g. http://127.0.0.1:40123/graphql */
  readonly url: string
  /** From its start until it said that it is ready. */
  readonly startSeconds: number
  /** Resident now; null where there is no /proc. */
  memoryBytes(): Promise<number | null>
  /** What it cannot do without: heap and buffers after a collection. */
  heldBytes(): Promise<number>
  /** Address of its inspector. */
  readonly inspector: string
}

export interface Stage {
  readonly prisma: PrismaClient
  readonly databaseUrl: string
  readonly servers: readonly StagedServer[]
}

type Settings = Readonly<Record<string, string | undefined>>

export interface StagePlan {
  /** Of each server, beside its address and its database. */
  readonly servers: readonly Settings[]
  /** Whether a trainer works beside them. */
  readonly hasTrainer?: boolean
  /** Fills the database, and the data folder, before the servers start. */
  readonly seed?: (prisma: PrismaClient, dataDir: string) => Promise<void>
  /** Rejects when the stage is to be struck, whatever is under way on it. */
  readonly interrupted?: Promise<never>
}

const program = (name: string): string => fileURLToPath(new URL(`../../src/${name}.js`, import.meta.url))
const ADDRESS = /ready at (http:\S+)/
const INSPECTOR = /listening on (ws:\S+)/

/** Whatever ends it, none of its processes stays behind. */
export async function withStage(plan: StagePlan, use: (stage: Stage) => Promise<void>): Promise<void> {
  const log = pino({ level: 'error' })
  await withTemporaryFolder(async (dataDir) => {
    const postgres = await openEmbeddedPostgres({ dataDir, log })
    await applyMigrations(postgres.url)
    const prisma = openPrisma({ url: postgres.url, applicationName: 'graft-bench', log })
    const children: ChildProcess[] = []
    const settings = { PORT: '0', DATABASE_URL: postgres.url, GRAFT_DATA_DIR: dataDir, GRAFT_LOG_LEVEL: 'error' }
    const play = async (): Promise<void> => {
      await plan.seed?.(prisma, dataDir)
      const servers: StagedServer[] = []
      for (const own of plan.servers)
        servers.push(await startServer(demoEnvironment({ ...settings, ...own }), children))
      if (plan.hasTrainer === true) await startTrainer(demoEnvironment(settings), children)
      await use({ prisma, databaseUrl: postgres.url, servers })
    }
    try {
      await Promise.race([play(), ...(plan.interrupted === undefined ? [] : [plan.interrupted])])
    } finally {
      await Promise.all(children.map(stop))
      await prisma.$disconnect()
      await postgres.close()
    }
  })
}

/** @param children where its process is put before anything can fail */
async function startServer(env: Settings, children: ChildProcess[]): Promise<StagedServer> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', program('server')], { env: frugalEnvironment(env) })
  children.push(child)
  const [address, inspector] = await Promise.all([said(child, 'stdout', ADDRESS), said(child, 'stderr', INSPECTOR)])
  const startSeconds = (performance.now() - startedAt) / 1000
  return {
    url: `${address}/graphql`,
    startSeconds,
    memoryBytes: () => residentBytes(child.pid),
    heldBytes: () => heldBytes(inspector),
    inspector,
  }
}

async function startTrainer(env: Settings, children: ChildProcess[]): Promise<void> {
  const child = fork(program('trainer'), { env: { ...env }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  children.push(child)
  await Promise.race([once(child, 'message'), ended(child)])
}

/** What the pattern's group is in what the process writes. */
async function said(child: ChildProcess, stream: 'stdout' | 'stderr', pattern: RegExp): Promise<string> {
  let text = ''
  const found = new Promise<string>((resolve) => {
    child[stream]?.setEncoding('utf8').on('data', (part: string) => {
      const [, value] = pattern.exec((text += part)) ?? []
      if (value !== undefined) resolve(value)
    })
  })
  return Promise.race([found, ended(child)])
}

async function ended(child: ChildProcess): Promise<never> {
  await once(child, 'exit')
  throw new Error('A process ended before it was ready')
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
