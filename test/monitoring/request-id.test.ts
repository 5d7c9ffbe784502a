import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, expect, it } from 'vitest'
import WebSocket from 'ws'
import { loadConfig } from '../../src/config/config.js'
import { secretsOf } from '../../src/config/secrets.js'
import { createLog } from '../../src/monitoring/log.js'
import { startServer, type RunningServer } from '../../src/server.js'
import { createTestDatabase, type TestDatabase } from '../database.js'

const SECRET = '0123456789abcdef0123'
let database: TestDatabase
let folder: string
let server: RunningServer
const lines: string[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'graft-request-id-'))
  const env = { PORT: '0', DATABASE_URL: database.url, GRAFT_DATA_DIR: folder, GRAFT_TOKENS: `me:admin:${SECRET}` }
  const config = loadConfig(env)
  const write = (chunk: Buffer, _: string, done: () => void): void => {
    lines.push(chunk.toString())
    done()
  }
  const log = createLog(
    { name: 'server', level: 'debug', format: 'auto', secrets: secretsOf(config) },
    new Writable({ write }),
  )
  server = await startServer({ config, log })
  // What nobody expects: a bug, as far as the server can tell.
  await database.prisma.$executeRaw`ALTER TABLE dataset RENAME TO mislaid`
})

afterAll(async () => {
  await server.close()
  await database.close()
  await rm(folder, { recursive: true })
})

interface Answer {
  errors?: { message: string; extensions: { code: string; id?: string } }[]
}

const authorization = `Bearer ${SECRET}`

async function ask(
  query: string,
  headers: Record<string, string> = {},
): Promise<{ id: string | null; answer: Answer }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization, ...headers },
    body: JSON.stringify({ query }),
  })
  return { id: response.headers.get('x-request-id'), answer: (await response.json()) as Answer }
}

function logged(requestId: string | undefined): Record<string, unknown>[] {
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['requestId'] === requestId && line['level'] === 'error')
}

it('tells a client the id under which the log has what went wrong, over HTTP', async () => {
  const { id, answer } = await ask('{ datasets { totalCount } }')
  const [error] = answer.errors ?? []
  expect(error?.extensions.code).toBe('INTERNAL')
  expect(error?.extensions.id).toBe(id)
  expect(error?.message).toContain(id)
  expect(JSON.stringify(logged(id ?? ''))).toContain('dataset')
})

it('takes over the id of a proxy, but none that could be something else', async () => {
  expect((await ask('{ datasets { totalCount } }', { 'x-request-id': 'proxy-7f3a9c21' })).id).toBe('proxy-7f3a9c21')
  expect(logged('proxy-7f3a9c21')).toHaveLength(1)
  expect((await ask('{ __typename }', { 'x-request-id': 'a"b c' })).id).toMatch(/^[0-9a-f-]{36}$/)
})

it('tells it over WebSocket too, another one for each operation', async () => {
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
  })
  const ids: (string | undefined)[] = []
  for (let i = 0; i < 2; i++) {
    for await (const result of client.iterate({ query: '{ datasets { totalCount } }' })) {
      const [error] = (result as Answer).errors ?? []
      ids.push(error?.extensions.id)
    }
  }
  await client.dispose()
  expect(new Set(ids).size).toBe(2)
  for (const id of ids) expect(logged(id)).toHaveLength(1)
})

it('writes no token and no picture, whatever goes wrong', async () => {
  const base64 = Buffer.alloc(3000, 7).toString('base64')
  await ask(`{ datasets { totalCount } node(id: "${base64}") { id } }`)
  await ask(`mutation { createDataset(input: { name: "${base64}" }) { __typename } } # ${SECRET}`)
  const all = lines.join('')
  expect(all).not.toContain(SECRET)
  expect(all).not.toContain(base64.slice(0, 300))
})
