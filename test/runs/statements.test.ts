import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { uuidOf } from '../../src/graphql/ids.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { runIdOf, seedRun, seedVersion, storeEpoch } from './rows.js'

const RUNS = 12

let server: TestServer
let runId: string
beforeAll(async () => {
  server = await createTestServer()
  const { prisma } = server.database
  const version = await seedVersion(prisma, 'history')
  for (let i = 0; i < RUNS; i++) {
    const run = await seedRun(prisma, version)
    for (const number of [1, 2]) await storeEpoch(prisma, run.id, number, true)
    runId = runIdOf(run)
  }
})
afterAll(() => server.close())

/** Of requests alone: nothing else of the server reads these tables; its clock extracts an epoch of another kind. */
const OURS = /(?<!extract\()\b(training_run|epoch|dataset_version|checkpoint)\b/
const spied = () => vi.spyOn(pg.Client.prototype, 'query')
let queries: ReturnType<typeof spied>
beforeEach(() => {
  queries = spied()
})
afterEach(() => queries.mockRestore())

async function statementsOf(query: string, variables: object): Promise<number> {
  queries.mockClear()
  const { errors } = await server.ask(query, variables as Record<string, unknown>)
  expect(errors).toBeUndefined()
  return queries.mock.calls.filter(([asked]) => OURS.test(JSON.stringify(asked))).length
}

it.each([
  ['runs with their own fields', 1, 'name status hyperparameters { learningRate }'],
  ['with best and latest epoch', 2, 'bestEpoch { number } latestEpoch { validationAccuracy }'],
  ['with their version too', 3, 'bestEpoch { number } latestEpoch { number } datasetVersion { number }'],
  ['with all their epochs and best checkpoint', 3, 'epochs { number perClass { f1Score } } bestCheckpoint { id }'],
])('%s are read in as many statements, however many runs', async (_what, statements, fields) => {
  const list = `query($first: Int!) { trainingRuns(first: $first) { nodes { ${fields} } pageInfo { hasNextPage } } }`
  expect([await statementsOf(list, { first: 1 }), await statementsOf(list, { first: RUNS })]).toEqual([
    statements,
    statements,
  ])
  const one = `query($id: ID!) { node(id: $id) { ... on TrainingRun { ${fields} } } }`
  expect(await statementsOf(one, { id: runId })).toBe(statements)
})

it('an epoch is read once for all who watch its run', async () => {
  const WATCHERS = 30
  const client = server.socket()
  const watches = Array.from({ length: WATCHERS }, () =>
    client.iterate<{ epochCompleted: { number: number } }>({
      query: 'subscription($id: ID!) { epochCompleted(trainingRunId: $id, afterEpoch: 2) { number } }',
      variables: { id: runId },
    }),
  )
  // Whoever subscribed late would find the epoch on its first read, by itself.
  const third = watches.map((watch) => watch.next())
  await storeEpoch(server.database.prisma, uuidOf(runId, 'TrainingRun') ?? '', 3)
  await Promise.all(third)
  queries.mockClear()
  const fourth = watches.map((watch) => watch.next())
  await storeEpoch(server.database.prisma, uuidOf(runId, 'TrainingRun') ?? '', 4)
  for (const { value } of await Promise.all(fourth)) expect(value).toEqual({ data: { epochCompleted: { number: 4 } } })
  const reads = queries.mock.calls.map(([asked]) => JSON.stringify(asked)).filter((text) => text.includes('SELECT'))
  // Two a ring; the tick may ring as well.
  expect(reads.filter((text) => OURS.test(text)).length).toBeLessThan(WATCHERS / 2)
})
