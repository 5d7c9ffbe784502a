import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { createTestDatabase, type TestDatabase } from '../database.js'

let database: TestDatabase
let folder: string
const started: ChildProcess[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'graft-process-'))
})

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
})

afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

/** The server as `npm run start:server` runs it. */
function startProcess(env: Record<string, string>): { child: ChildProcess; output: () => string } {
  let output = ''
  const child = spawn(process.execPath, ['scripts/run.mjs', 'server'], {
    env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: database.url, GRAFT_DATA_DIR: folder, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()))
  return { child, output: () => output }
}

async function readyAt({ child, output }: ReturnType<typeof startProcess>): Promise<string> {
  for (;;) {
    const [, url] = /ready at (http:\/\/127\.0\.0\.1:\d+)/.exec(output()) ?? []
    if (url !== undefined) return url
    if (child.exitCode !== null) throw new Error(output())
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function exitOf({
  child,
  output,
}: ReturnType<typeof startProcess>): Promise<{ code: number | null; output: string }> {
  if (child.exitCode === null) await once(child, 'close')
  return { code: child.exitCode, output: output() }
}

describe('the server as a process', () => {
  it('says where it is, and on SIGTERM tells its sockets and goes within 10 seconds', async () => {
    const server = startProcess({})
    const url = await readyAt(server)
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    expect(await (await fetch(url)).text()).toContain('/graphql')

    const dataset = await database.prisma.dataset.create({ data: { name: 'open' } })
    await database.prisma.imageImport.create({ data: { datasetId: dataset.id, directory: '/' } })
    const found = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ dataset(name: \\"open\\") { imports { nodes { id } } } }"}',
    })
    const { data } = (await found.json()) as { data: { dataset: { imports: { nodes: { id: string }[] } } } }
    const socket = new WebSocket(url.replace('http', 'ws') + '/graphql', 'graphql-transport-ws')
    const messages: { type: string }[] = []
    socket.on('message', (text: Buffer) => messages.push(JSON.parse(text.toString()) as { type: string }))
    await once(socket, 'open')
    const received = async (type: string): Promise<void> => {
      while (!messages.some((message) => message.type === type)) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    socket.send('{"type":"connection_init"}')
    await received('connection_ack')
    const query = `subscription { importProgress(importId: "${data.dataset.imports.nodes[0]?.id ?? ''}") { state } }`
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
    await received('next')

    const startedAt = Date.now()
    server.child.kill('SIGTERM')
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(1001)
    expect(messages.some((message) => message.type === 'complete')).toBe(false)
    expect((await exitOf(server)).code).toBe(0)
    expect(Date.now() - startedAt).toBeLessThan(10_000)
  })

  it('says what to do about a port that is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, output } = await exitOf(startProcess({ PORT: String(port) }))
    other.close()
    expect(code).toBe(1)
    expect(output).toContain(`Something else listens on 127.0.0.1:${String(port)} already. Stop it, or set PORT`)
    expect(output).not.toContain('    at ')
  })

  it('says what to do about a database that is out of reach, and all that is wrong with settings at once', async () => {
    const unreachable = await exitOf(startProcess({ DATABASE_URL: 'postgresql://nobody:x@127.0.0.1:1/none' }))
    expect(unreachable.code).toBe(1)
    expect(unreachable.output).toContain('DATABASE_URL')
    expect(unreachable.output).not.toContain('    at ')
    const wrong = await exitOf(startProcess({ PORT: 'x', HOST: '0.0.0.0', GRAFT_MAX_PIXELS: '-1' }))
    expect(wrong.code).toBe(1)
    for (const name of ['PORT', 'HOST', 'GRAFT_MAX_PIXELS']) expect(wrong.output).toContain(`${name}:`)
  })

  it('answers UNAVAILABLE while the database is away, without its words, and goes on afterwards', async () => {
    const url = await readyAt(startProcess({ GRAFT_LOG_LEVEL: 'fatal' }))
    const ask = async () => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ datasets { totalCount } }"}',
      })
      return response.text()
    }
    expect(await ask()).toMatch(/"totalCount":\d/)
    const name = new URL(database.url).pathname.slice(1)
    const admin = new pg.Client({
      connectionString: Object.assign(new URL(database.url), { pathname: '/postgres' }).href,
    })
    await admin.connect()
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name])
    const away = await ask()
    expect(away).toContain('"code":"UNAVAILABLE"')
    expect(away).toContain('"retryAfterSeconds"')
    expect(away).not.toMatch(/prisma|postgres|connection to|graft_test/i)
    const readiness = async () => (await fetch(`${url}/health/ready`)).status
    await expect.poll(readiness).toBe(503)
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
    await admin.end()
    expect(await ask()).toMatch(/"totalCount":\d/)
    // Checks are tried at most once a second, however often somebody asks.
    await expect.poll(readiness, { timeout: 10_000 }).toBe(200)
  })
})
