/** Health as a load balancer asks for it: of a server and of a trainer whose Postgres and storage come and go. */
import { once } from 'node:events'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { loadConfig } from '../../src/config/config.js'
import { startServer, type RunningServer } from '../../src/server.js'
import { eventually, openWorkshop, silent, stopProcess, type Workshop } from '../trainer/fixture.js'

let workshop: Workshop
let server: RunningServer
let trainerUrl: string
let blobs: string

beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 4, VALIDATION: 2, TEST: 2 })
  blobs = join(workshop.dataDir, 'blobs')
  const place = { DATABASE_URL: workshop.database.url, GRAFT_DATA_DIR: workshop.dataDir }
  server = await startServer({ config: loadConfig({ ...place, PORT: '0' }), log: silent })
  const port = await freePort()
  trainerUrl = `http://127.0.0.1:${String(port)}`
  await workshop.startTrainer({ ...place, GRAFT_ENGINE: 'cpu', GRAFT_TRAINER_PORT: String(port) })
  await eventually(async () => (await ready(trainerUrl)).status === 200)
})

afterAll(async () => {
  await server.close()
  await workshop.close()
})

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

interface Readiness {
  status: number
  reasons: Record<string, string> | undefined
}

async function ready(url: string): Promise<Readiness> {
  const response = await fetch(`${url}/health/ready`)
  const { reasons } = (await response.json()) as { reasons?: Record<string, string> }
  return { status: response.status, reasons }
}

async function untilReady(url: string): Promise<void> {
  await eventually(async () => (await ready(url)).status === 200)
}

async function untilReason(url: string, name: string, reason: RegExp): Promise<void> {
  await eventually(async () => {
    const { status, reasons } = await ready(url)
    return status === 503 && reason.test(reasons?.[name] ?? '')
  })
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
}

/** Without a way to the database while `during` runs. */
async function withoutDatabase(during: () => Promise<void>): Promise<void> {
  const name = new URL(workshop.database.url).pathname.slice(1)
  const connectionString = Object.assign(new URL(workshop.database.url), { pathname: '/postgres' }).href
  const admin = new pg.Client({ connectionString })
  await admin.connect()
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name])
  try {
    await during()
  } finally {
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
    await admin.end()
  }
}

describe.each([
  ['a server', () => server.url],
  ['a trainer', () => trainerUrl],
])('the health of %s', (_, url) => {
  it('is ready while everything is there', async () => {
    await untilReady(url())
    const response = await fetch(`${url()}/health/ready`)
    expect(await response.json()).toEqual({ status: 'ready' })
  })

  it('says that the database does not answer, in no words of its own, and is ready again when it does', async () => {
    await withoutDatabase(async () => {
      await untilReason(url(), 'database', /^does not answer$/)
      expect(JSON.stringify(await ready(url()))).not.toMatch(/prisma|pg_|graft_test/i)
    })
    await untilReady(url())
  })

  it('says that storage is gone, and is ready again when it is back', async () => {
    await rename(blobs, `${blobs}.away`)
    await untilReason(url(), 'storage', /cannot be read and written/)
    await rename(`${blobs}.away`, blobs)
    await untilReady(url())
  })

  it('says that storage is an empty folder where a disk was to be mounted', async () => {
    await rename(blobs, `${blobs}.away`)
    await mkdir(blobs)
    await untilReason(url(), 'storage', /cannot be read and written/)
    await rm(blobs, { recursive: true })
    await rename(`${blobs}.away`, blobs)
    await untilReady(url())
  })

  it('says which migrations a database lacks that was restored from before', async () => {
    const { prisma } = workshop.database
    const [last] = await prisma.$queryRaw<{ name: string }[]>`
      SELECT migration_name AS name FROM _prisma_migrations ORDER BY migration_name DESC LIMIT 1`
    const name = last?.name ?? ''
    await prisma.$executeRaw`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = ${name}`
    await untilReason(url(), 'database', new RegExp(`lacks the migrations ${name}`))
    await prisma.$executeRaw`UPDATE _prisma_migrations SET rolled_back_at = NULL WHERE migration_name = ${name}`
    await untilReady(url())
  })
})

it('says that a trainer has no compute child, and is ready again with the next one', async () => {
  const pid = String(workshop.trainers[0]?.pid)
  const [child] = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ')
  process.kill(Number(child), 'SIGKILL')
  await untilReason(trainerUrl, 'trainer', /compute child is not started/)
  await untilReady(trainerUrl)
})

it('leaves no blob behind, however often it is asked', async () => {
  const count = async (): Promise<number> => {
    let found = 0
    for await (const _ of workshop.storage.list()) found += 1
    return found
  }
  const before = await count()
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1100))
    await ready(server.url)
  }
  expect(await count()).toBe(before)
})

it('is not ready any more while a server stops, and still live', async () => {
  const config = loadConfig({ PORT: '0', DATABASE_URL: workshop.database.url, GRAFT_DATA_DIR: workshop.dataDir })
  const stopping = await startServer({ config, log: silent })
  await untilReady(stopping.url)
  // A client that does not hear the goodbye holds the server for a moment.
  const socket = new WebSocket(`${stopping.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  socket.pause()
  const closed = stopping.close()
  const { status, reasons } = await ready(stopping.url)
  expect([status, reasons]).toEqual([503, { process: 'is stopping' }])
  expect((await fetch(`${stopping.url}/health/live`)).status).toBe(200)
  await closed
  socket.terminate()
})

it('refuses a port that is taken with the name of its own setting', async () => {
  const [trainer] = workshop.trainers
  const port = new URL(trainerUrl).port
  const second = workshop.startTrainer({ GRAFT_ENGINE: 'cpu', GRAFT_TRAINER_PORT: port, GRAFT_LOG_LEVEL: 'silent' })
  await expect(second).rejects.toThrow('ended before it was ready')
  expect(trainer?.exitCode).toBeNull()
  if (trainer !== undefined) await stopProcess(trainer, 'SIGTERM')
})
