import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { globalId } from '../../src/graphql/ids.js'
import { notify } from '../../src/events/events.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { runIdOf, seedRun, seedVersion, setStatus, storeEpoch, type SeededVersion } from './rows.js'

let server: TestServer
let version: SeededVersion

beforeAll(async () => {
  server = await createTestServer()
  version = await seedVersion(server.database.prisma, 'animals')
})

afterAll(() => server.close())

/** The same guarantees, whatever carries the streams. */
const TRANSPORTS = [
  ['WebSocket', () => server.socket()],
  ['server-sent events', () => server.events()],
] as const
type Connect = (typeof TRANSPORTS)[number][1]

const EPOCHS = `subscription($id: ID!, $after: Int) {
  epochCompleted(trainingRunId: $id, afterEpoch: $after) { number perClass { label } trainingRun { status } }
}`

/** What a stream has given so far; `ended` resolves when it completes. */
function followOn<Data>(client: ReturnType<Connect>, query: string, variables: object) {
  const seen: Data[] = []
  const iterator = client.iterate<Record<string, Data>>({ query, variables: { ...variables } })
  const ended = (async () => {
    for await (const { data, errors } of iterator) {
      if (errors !== undefined) throw new Error(JSON.stringify(errors))
      seen.push(Object.values(data ?? {})[0] as Data)
    }
    return seen
  })()
  return { seen, ended, stop: () => iterator.return?.() }
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 10) {
    if (waited > 10_000) throw new Error('Waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const numbersOf = (epochs: readonly { number: number }[]): number[] => epochs.map((epoch) => epoch.number)

describe.each(TRANSPORTS)('epochCompleted over %s', (_name, connect) => {
  const follow = <Data>(query: string, variables: object) => followOn<Data>(connect(), query, variables)

  it('gives an early, a late and a continuing subscriber every epoch once, and completes', async () => {
    const { prisma } = server.database
    const run = await seedRun(prisma, version)
    const early = follow<{ number: number }>(EPOCHS, { id: runIdOf(run) })
    await storeEpoch(prisma, run.id, 1)
    await waitFor(() => early.seen.length === 1)
    const late = follow<{ number: number }>(EPOCHS, { id: runIdOf(run), after: 0 })
    const continuing = follow<{ number: number }>(EPOCHS, { id: runIdOf(run), after: 1 })
    for (const number of [2, 3, 4]) await storeEpoch(prisma, run.id, number)
    await setStatus(prisma, run.id, 'SUCCEEDED')
    expect(numbersOf(await early.ended)).toEqual([1, 2, 3, 4])
    expect(numbersOf(await late.ended)).toEqual([1, 2, 3, 4])
    expect(numbersOf(await continuing.ended)).toEqual([2, 3, 4])
    const after = follow<{ number: number }>(EPOCHS, { id: runIdOf(run), after: null })
    expect(numbersOf(await after.ended)).toEqual([1, 2, 3, 4])
  })

  it('misses none of a run that is quicker than its readers', async () => {
    const { prisma } = server.database
    const run = await seedRun(prisma, version)
    const followers = [1, 2, 3].map(() => follow<{ number: number }>(EPOCHS, { id: runIdOf(run) }))
    const all = Array.from({ length: 102 }, (_, i) => i + 1)
    for (const number of all) await storeEpoch(prisma, run.id, number)
    await setStatus(prisma, run.id, 'SUCCEEDED')
    for (const follower of followers) expect(numbersOf(await follower.ended)).toEqual(all)
  })

  it('reads what belongs to an epoch anew with each one', async () => {
    const { prisma } = server.database
    const run = await seedRun(prisma, version)
    const stream = follow<{ number: number; trainingRun: { status: string } }>(EPOCHS, { id: runIdOf(run) })
    await storeEpoch(prisma, run.id, 1)
    await waitFor(() => stream.seen.length === 1)
    await prisma.trainingRun.update({ where: { id: run.id }, data: { status: 'EVALUATING' } })
    await storeEpoch(prisma, run.id, 2)
    await waitFor(() => stream.seen.length === 2)
    await setStatus(prisma, run.id, 'FAILED')
    expect((await stream.ended).map((epoch) => epoch.trainingRun.status)).toEqual(['RUNNING', 'EVALUATING'])
  })

  it('answers NOT_FOUND for whatever is no run, and the client goes on', async () => {
    const client = connect()
    for (const id of ['nonsense', globalId('TrainingRun', version.versionId), globalId('Dataset', version.datasetId)]) {
      const refused = await followOn(client, EPOCHS, { id }).ended.catch((error: unknown) => error)
      expect(refused instanceof Error ? refused.message : JSON.stringify(refused)).toContain('NOT_FOUND')
    }
    const run = await seedRun(server.database.prisma, version, { status: 'CANCELLED' })
    expect(await followOn(client, EPOCHS, { id: runIdOf(run) }).ended).toEqual([])
  })

  it('goes on when Postgres drops every connection', async () => {
    const { prisma } = server.database
    const run = await seedRun(prisma, version)
    const stream = follow<{ number: number }>(EPOCHS, { id: runIdOf(run) })
    await storeEpoch(prisma, run.id, 1)
    await waitFor(() => stream.seen.length === 1)
    await prisma.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`
    await storeEpoch(prisma, run.id, 2)
    await storeEpoch(prisma, run.id, 3)
    await setStatus(prisma, run.id, 'SUCCEEDED')
    expect(numbersOf(await stream.ended)).toEqual([1, 2, 3])
  })

  it('ends with a run that is deleted', async () => {
    const run = await seedRun(server.database.prisma, version)
    const stream = follow(EPOCHS, { id: runIdOf(run) })
    await storeEpoch(server.database.prisma, run.id, 1)
    await waitFor(() => stream.seen.length === 1)
    await server.database.prisma.trainingRun.delete({ where: { id: run.id } })
    await notify(server.database.prisma, { topic: 'run', id: run.id })
    expect(await stream.ended).toHaveLength(1)
  })
})

describe.each(TRANSPORTS)('trainingProgress over %s', (_name, connect) => {
  const follow = <Data>(query: string, variables: object) => followOn<Data>(connect(), query, variables)

  const PROGRESS = `subscription($id: ID!) { trainingProgress(trainingRunId: $id) {
    status featuresDone featuresTotal epoch step stepsPerEpoch loss secondsLeft trainingRun { status }
  } }`
  interface Progress {
    status: string
    step: number
    loss: number | null
    trainingRun: { status: string }
  }

  it('gives the present state at once, then changes at most four times a second, and completes', async () => {
    const { prisma } = server.database
    const run = await seedRun(prisma, version, { status: 'QUEUED', trainerId: null })
    const stream = follow<Progress>(PROGRESS, { id: runIdOf(run) })
    await waitFor(() => stream.seen.length === 1)
    expect(stream.seen[0]).toMatchObject({ status: 'QUEUED', featuresTotal: 0, step: 0, loss: null })
    await setStatus(prisma, run.id, 'RUNNING')
    const startedAt = performance.now()
    for (let step = 1; step <= 60; step++) {
      const progress = { featuresDone: 6, featuresTotal: 6, epoch: 1, step, stepsPerEpoch: 60, loss: 1 / step }
      await prisma.trainingRun.update({
        where: { id: run.id },
        data: { progress: { ...progress, imagesPerSecond: 9, secondsLeft: 1 } },
      })
      await notify(prisma, { topic: 'run', id: run.id })
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await setStatus(prisma, run.id, 'CANCELLED')
    const events = await stream.ended
    const seconds = (performance.now() - startedAt) / 1000
    expect(events.length).toBeLessThanOrEqual(4 * seconds + 3)
    expect(events.length).toBeGreaterThan(2)
    expect(events.at(-1)).toMatchObject({ status: 'CANCELLED', step: 60, trainingRun: { status: 'CANCELLED' } })
    const steps = events.map((event) => event.step)
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
  })
})

describe.each(TRANSPORTS)('trainingRunChanged over %s', (name, connect) => {
  const follow = <Data>(query: string, variables: object) => followOn<Data>(connect(), query, variables)

  const CHANGED = 'subscription($id: ID) { trainingRunChanged(datasetId: $id) { id status } }'
  interface Change {
    id: string
    status: string
  }

  it('gives new runs and changes of status from now on, of one dataset or of all', async () => {
    const { prisma } = server.database
    const other = await seedVersion(prisma, `flowers over ${name}`)
    const before = await seedRun(prisma, version)
    const mine = follow<Change>(CHANGED, { id: globalId('Dataset', version.datasetId) })
    const all = follow<Change>(CHANGED, {})
    // Nothing tells when a subscription that says nothing at first has begun: changes until both have seen one.
    for (let turn = 0; mine.seen.length === 0 || all.seen.length === 0; turn++) {
      await setStatus(prisma, before.id, turn % 2 === 0 ? 'PREPARING' : 'RUNNING')
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    await setStatus(prisma, before.id, 'EVALUATING')
    await waitFor(() => [mine, all].every(({ seen }) => seen.at(-1)?.status === 'EVALUATING'))
    const begun = { mine: mine.seen.length, all: all.seen.length }
    const elsewhere = await seedRun(prisma, other, { status: 'FAILED' })
    await setStatus(prisma, elsewhere.id, 'QUEUED')
    await waitFor(() => all.seen.length > begun.all)
    await setStatus(prisma, before.id, 'SUCCEEDED')
    await waitFor(() => [mine, all].every(({ seen }) => seen.at(-1)?.status === 'SUCCEEDED'))
    await Promise.all([mine.stop(), all.stop()])
    const id = runIdOf(before)
    expect(mine.seen.slice(begun.mine - 1)).toEqual([
      { id, status: 'EVALUATING' },
      { id, status: 'SUCCEEDED' },
    ])
    expect(all.seen.slice(begun.all).at(-2)).toEqual({ id: runIdOf(elsewhere), status: 'QUEUED' })
    expect(all.seen.at(-1)).toEqual({ id, status: 'SUCCEEDED' })
  })
})
