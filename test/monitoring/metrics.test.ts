/** A real server and a real trainer, scraped as Prometheus would, while a run goes through both. */
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createClient, type Client } from 'graphql-ws'
import { afterAll, beforeAll, expect, it } from 'vitest'
import WebSocket from 'ws'
import { loadConfig } from '../../src/config/config.js'
import { globalId } from '../../src/graphql/ids.js'
import { startServer, type RunningServer } from '../../src/server.js'
import { drawPicture, eventually, openWorkshop, silent, type Workshop } from '../trainer/fixture.js'
import { parseScrape, type Scrape } from './scrape.js'

const SECRET = '0123456789abcdef0123'
const authorization = `Bearer ${SECRET}`
const GRAFT_TOKENS = `me:admin:${SECRET},frontend:classify:fedcba9876543210`

let workshop: Workshop
let server: RunningServer
let trainerUrl: string
let client: Client
let runId: string

beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 12, VALIDATION: 4, TEST: 4 })
  const place = { DATABASE_URL: workshop.database.url, GRAFT_DATA_DIR: workshop.dataDir, GRAFT_TOKENS }
  server = await startServer({ config: loadConfig({ ...place, PORT: '0' }), log: silent })
  client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
  })
  const port = await freePort()
  trainerUrl = `http://127.0.0.1:${String(port)}`
  runId = await workshop.startRun({ epochs: 3 })
  const epochs = follow(runId)
  await eventually(async () => (await scrape(server.url)).value('graft_graphql_subscriptions') === 1)
  const waiting = await scrape(server.url)
  expect(waiting.value('graft_queue_jobs', { queue: 'run', state: 'waiting' })).toBe(1)
  expect(waiting.value('graft_websocket_connections')).toBe(1)
  await workshop.startTrainer({ ...place, GRAFT_TRAINER_PORT: String(port) })
  expect(await epochs).toEqual([1, 2, 3])
  await workshop.until(runId, (run) => run.status === 'SUCCEEDED')
  await classify(runId)
})

afterAll(async () => {
  await client.dispose()
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

async function scrape(url: string): Promise<Scrape> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization } })
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  return parseScrape(await response.text())
}

async function follow(id: string): Promise<number[]> {
  const query = 'subscription($id: ID!) { epochCompleted(trainingRunId: $id) { number } }'
  const variables = { id: globalId('TrainingRun', id) }
  const numbers: number[] = []
  for await (const { data } of client.iterate<{ epochCompleted: { number: number } }>({ query, variables })) {
    if (data) numbers.push(data.epochCompleted.number)
  }
  return numbers
}

async function ask(query: string, variables: object = {}): Promise<unknown> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query, variables }),
  })
  return response.json()
}

async function classify(id: string): Promise<void> {
  const checkpoint = await workshop.database.prisma.checkpoint.findFirstOrThrow({ where: { trainingRunId: id } })
  const model = { checkpointId: globalId('Checkpoint', checkpoint.id) }
  const image = { base64: (await drawPicture(0, 99)).toString('base64') }
  const query = 'mutation($input: ClassifyInput!) { classify(input: $input) { __typename } }'
  expect(await ask(query, { input: { model, image } })).toEqual({
    data: { classify: { __typename: 'ClassifySuccess' } },
  })
}

it("shows a server's operations, subscriptions and the lag of its events", async () => {
  await ask('{ datasets { totalCount } }')
  await ask('{ noSuchField }')
  const seen = await scrape(server.url)
  const answered = 'graft_graphql_operation_duration_seconds_count'
  expect(seen.value(answered, { type: 'query', outcome: 'OK' })).toBe(1)
  expect(seen.value(answered, { type: 'query', outcome: 'BAD_USER_INPUT' })).toBe(1)
  expect(seen.value(answered, { type: 'mutation', outcome: 'OK' })).toBe(1)
  expect(seen.value(answered, { type: 'subscription', outcome: 'OK' })).toBe(1)
  expect(seen.value('graft_graphql_subscriptions', { field: 'epochCompleted' })).toBe(0)
  expect(seen.value('graft_graphql_subscription_events_total', { field: 'epochCompleted' })).toBe(3)
  expect(seen.value('graft_event_lag_seconds_count', { topic: 'run' })).toBeGreaterThanOrEqual(1)
  expect(seen.value('graft_event_lag_seconds_sum', { topic: 'run' })).toBeGreaterThan(0)
  expect(seen.value('graft_classify_duration_seconds_count')).toBe(1)
  expect(seen.value('graft_http_request_duration_seconds_count', { route: '/graphql', status: '2xx' })).toBe(3)
})

it('shows queues and runs as they stand in Postgres, and the pool that asks it', async () => {
  const seen = await scrape(server.url)
  expect(seen.value('graft_database_up')).toBe(1)
  await eventually(async () => (await scrape(server.url)).value('graft_training_runs', { status: 'SUCCEEDED' }) === 1)
  for (const queue of ['run', 'import', 'evaluation']) {
    expect(seen.value('graft_queue_jobs', { queue, state: 'waiting' })).toBe(0)
    expect(seen.value('graft_queue_oldest_waiting_seconds', { queue })).toBe(0)
  }
  // The run has asked for one, which waits, is active or has ended by now.
  expect(seen.value('graft_queue_jobs', { queue: 'inspection', state: 'waiting' })).toBeGreaterThanOrEqual(0)
  expect(seen.value('graft_database_pool_connections')).toBeGreaterThanOrEqual(1)
  expect(seen.value('graft_database_pool_waiting')).toBe(0)
})

it("shows a trainer's runs, epochs, steps, features and batches", async () => {
  await eventually(async () => (await scrape(trainerUrl)).value('graft_runs_left_total', { how: 'SUCCEEDED' }) === 1)
  const seen = await scrape(trainerUrl)
  expect(seen.value('graft_runs_taken_total')).toBe(1)
  expect(seen.value('graft_epoch_duration_seconds_count')).toBe(3)
  // 24 training pictures in batches of 8
  expect(seen.value('graft_step_duration_seconds_count')).toBe(9)
  expect(seen.value('graft_feature_pictures_total', { source: 'computed' })).toBe(40)
  expect(seen.value('graft_trunk_batch_fill_ratio_count')).toBe(1)
  expect(seen.value('graft_trunk_batch_fill_ratio_sum')).toBeCloseTo(40 / 64, 6)
  expect(seen.value('graft_images_per_second', { phase: 'training' })).toBeGreaterThan(0)
  // Another run on the same pictures computes none of them again.
  const again = await workshop.startRun({ epochs: 1, seed: 7 })
  await workshop.until(again, (run) => run.status === 'SUCCEEDED')
  await eventually(async () => (await scrape(trainerUrl)).value('graft_runs_left_total') === 2)
  const later = await scrape(trainerUrl)
  expect(later.value('graft_feature_pictures_total', { source: 'computed' })).toBe(40)
  // The inspection that follows a run may have read them too.
  expect(later.value('graft_feature_pictures_total', { source: 'kept' })).toBeGreaterThanOrEqual(40)
})

it.each(['server', 'trainer'])(
  "shows the %s's own memory, event loop and version, each metric with its help",
  async (role) => {
    const seen = await scrape(role === 'server' ? server.url : trainerUrl)
    expect(seen.value('graft_build_info', { role })).toBe(1)
    expect(seen.value('process_resident_memory_bytes')).toBeGreaterThan(1e7)
    expect(seen.value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
    const own = [...seen.types].filter(([name]) => name.startsWith('graft_'))
    for (const [name, type] of own) {
      if (type === 'counter') expect(name).toMatch(/_total$/)
      if (type === 'histogram') expect(name).toMatch(/_(seconds|ratio)$/)
    }
  },
)

it.each(['server', 'trainer'])(
  'wants a token with the scope read for the figures of the %s, and none for its health',
  async (role) => {
    const url = role === 'server' ? server.url : trainerUrl
    expect((await fetch(`${url}/metrics`)).status).toBe(401)
    const classifying = { headers: { authorization: 'Bearer fedcba9876543210' } }
    expect((await fetch(`${url}/metrics`, classifying)).status).toBe(403)
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  },
)

it('holds no name that somebody chose, however many are asked for', async () => {
  const before = (await scrape(server.url)).samples.length
  for (let i = 0; i < 20; i++) {
    await ask(`query Chosen${String(i)} { alias${String(i)}: datasets { totalCount } }`)
    await fetch(`${server.url}/chosen/${String(i)}`)
    await fetch(`${server.url}/images/chosen-${String(i)}`, { headers: { authorization } })
  }
  const after = await scrape(server.url)
  expect(JSON.stringify(after.samples)).not.toMatch(/chosen|alias\d/i)
  // The series of routes that were not asked before; never one for each.
  expect(after.samples.length - before).toBeLessThan(60)
})

it('tells that Postgres is away, and still everything else', async () => {
  const { prisma } = workshop.database
  await eventually(async () => (await scrape(server.url)).value('graft_database_up') === 1)
  await prisma.$executeRaw`ALTER TABLE training_run RENAME TO mislaid`
  await eventually(async () => (await scrape(server.url)).value('graft_database_up') === 0)
  const seen = await scrape(server.url)
  expect(seen.value('graft_queue_jobs')).toBeUndefined()
  expect(seen.value('graft_classify_duration_seconds_count')).toBe(1)
  await prisma.$executeRaw`ALTER TABLE mislaid RENAME TO training_run`
  await eventually(async () => (await scrape(server.url)).value('graft_database_up') === 1)
})
