/** Servers and trainers as processes of their own on an embedded Postgres, started again when they die, as a service manager does. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import WebSocket from 'ws'
import { createClient, type Client } from '../../client/client.js'
import { projectFile } from '../../src/config/project-root.js'
import { canonicalDataDir, locateCluster } from '../../src/database/embedded/cluster-home.js'
import { DATABASE_NAME, urlOf } from '../../src/database/embedded/probe.js'
import { recordedPostmaster } from '../../src/database/embedded/postmaster.js'
import { drawPicture } from '../trainer/fixture.js'

export type Role = 'server' | 'trainer'

export interface Member {
  readonly role: Role
  readonly process: ChildProcess
  /** Resolves once it has said that it is ready; rejects if it ends before. */
  readonly ready: Promise<void>
}

export interface Fleet {
  readonly dataDir: string
  /** Of the servers, in the order of their start. */
  readonly urls: readonly string[]
  members(role: Role): Member[]
  /** Does not wait until it is ready. */
  start(role: Role, env?: Record<string, string>): Promise<void>
  /** Resolves once all that run are ready. */
  ready(): Promise<void>
  client(server?: number): Client
  /** To the first server that answers, for as long as none does. @throws Error on `errors` other than UNAVAILABLE */
  ask<Data>(query: string, variables?: object): Promise<Data>
  /** Rows straight out of Postgres, for as long as it is out of reach. */
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>
  postmasterPid(): Promise<number>
  /** Kills processes at once; members come again after a moment. */
  kill(...pids: number[]): void
  /** @param last what is to be done before the data folder goes */
  close(last?: () => Promise<void>): Promise<void>
}

const RESTART_MS = 500
const PATIENCE_MS = 300_000

/** @param env of all its processes */
export async function openFleet(env: Record<string, string> = {}): Promise<Fleet> {
  const dataDir = await canonicalDataDir(await mkdtemp(join(tmpdir(), 'graft-fleet-')))
  const base = { PATH: process.env['PATH'] ?? '', GRAFT_DATA_DIR: dataDir, GRAFT_TRUNK_WEIGHTS: 'random' }
  const members = new Set<Member>()
  const clients: Client[] = []
  const urls: string[] = []
  let closing = false

  const launch = (role: Role, more: Record<string, string>): void => {
    // A server's errors are bugs: an outage that passes is a warning.
    const level = role === 'server' ? 'error' : 'fatal'
    const member = spawnMember(role, { GRAFT_LOG_LEVEL: level, ...base, ...env, ...more })
    members.add(member)
    member.ready.catch(() => undefined)
    member.process.once('exit', () => {
      members.delete(member)
      setTimeout(() => {
        if (!closing) launch(role, more)
      }, RESTART_MS)
    })
  }
  const patiently = async <Result>(attempt: () => Promise<Result | undefined>): Promise<Result> => {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const result = await attempt()
      if (result !== undefined) return result
      if (closing || Date.now() > deadline) throw new Error('Nobody answers.')
      await sleep(100)
    }
  }
  const home = () => locateCluster(dataDir)

  return {
    dataDir,
    urls,
    members: (role) => [...members].filter((member) => member.role === role),
    start: async (role, more = {}) => {
      const port = role === 'server' ? String(await freePort()) : ''
      if (role === 'server') urls.push(`http://127.0.0.1:${port}`)
      launch(role, role === 'server' ? { PORT: port, ...more } : more)
    },
    ready: async () => {
      await Promise.all([...members].map((member) => member.ready))
    },
    client: (server = 0) => {
      const client = createClient({ url: urls[server] ?? '', webSocket: WebSocket, patienceMs: PATIENCE_MS })
      clients.push(client)
      return client
    },
    ask: <Data>(query: string, variables = {}) => {
      let turn = 0
      return patiently(() => askOnce<Data>(urls[turn++ % urls.length] ?? '', { query, variables }))
    },
    query: <Row extends object>(sql: string, values: unknown[] = []) =>
      patiently(async () => {
        const port = (await recordedPostmaster(await home()))?.port
        if (port === undefined) return undefined
        const client = new pg.Client(await urlOf(await home(), { port, database: DATABASE_NAME }))
        client.on('error', () => undefined)
        try {
          await client.connect()
          return (await client.query<Row>(sql, values)).rows
        } catch {
          return undefined
        } finally {
          await client.end().catch(() => undefined)
        }
      }),
    postmasterPid: async () => (await recordedPostmaster(await home()))?.pid ?? 0,
    kill: (...pids) => {
      for (const pid of pids) process.kill(pid, 'SIGKILL')
    },
    close: async (last) => {
      closing = true
      await Promise.all(clients.map((client) => client.close()))
      const ends = [...members].map(async ({ process }) => {
        if (process.exitCode !== null || process.signalCode !== null) return
        const gone = once(process, 'exit')
        process.kill('SIGTERM')
        await gone
      })
      await Promise.all(ends)
      await last?.()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

function spawnMember(role: Role, env: Record<string, string>): Member {
  const child = spawn(process.execPath, [projectFile('dist', 'src', `${role}.js`)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ready = (async () => {
    for await (const chunk of child.stdout) if (String(chunk).includes('is ready')) return
    throw new Error(`A ${role} ended before it was ready.`)
  })()
  return { role, process: child, ready }
}

/** Undefined where nobody answers, or only that the database is out of reach. */
async function askOnce<Data>(url: string, body: object): Promise<Data | undefined> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => undefined)
  const answer = (await response?.json().catch(() => undefined)) as
    { data?: Data; errors?: { extensions: { code: string } }[] } | undefined
  if (answer === undefined || answer.errors?.every((error) => error.extensions.code === 'UNAVAILABLE')) return undefined
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors))
  return answer.data
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** The kernel's list of a process's children. */
export async function childrenOf(pid: number | undefined): Promise<number[]> {
  const text = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').catch(() => '')
  return text.trim() === '' ? [] : text.trim().split(' ').map(Number)
}

/** A folder of drawn pictures, half dots and half stripes, where the fleet may import from. */
export async function drawFolder(fleet: Fleet, name: string, perClass: number): Promise<string> {
  const folder = join(fleet.dataDir, 'imports', name)
  for (const [classIndex, label] of ['dots', 'stripes'].entries()) {
    await mkdir(join(folder, label), { recursive: true })
    for (let i = 0; i < perClass; i++) {
      await writeFile(join(folder, label, `${String(i)}.png`), await drawPicture(classIndex, i))
    }
  }
  return folder
}
