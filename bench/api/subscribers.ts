/** Many who watch one run, shared out over the servers, while epochs are committed at a steady pace. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { PrismaClient } from '../../src/database/generated/client.js'
import { notify } from '../../src/events/events.js'
import { globalId } from '../../src/graphql/ids.js'
import { spread } from './requests.js'
import { perClass, seedRunning } from './seeded-runs.js'
import type { Stage } from './stage.js'

const EPOCHS = 20
const PACE_MS = 1000
const EPOCH_COMPLETED = `subscription($id: ID!) {
  epochCompleted(trainingRunId: $id) { number trainLoss validationLoss validationAccuracy }
}`

export interface Delays {
  /** Median, p99 and worst of all deliveries from commit to receipt: cells of a table. */
  readonly delays: readonly string[]
  /** Deliveries that did not come, or came twice or out of order. */
  readonly faults: number
  /** By which the servers grew for each subscriber; null where that cannot be seen. */
  readonly bytesEach: number | null
}

/** @param count subscribers, each with a socket of its own */
export async function measureSubscribers({ prisma, servers }: Stage, count: number): Promise<Delays> {
  const runId = await seedRunning(prisma)
  const urls = servers.map(({ url }) => url.replace('http', 'ws'))
  const memory = async (): Promise<number | null> => {
    const sizes = await Promise.all(servers.map((server) => server.memoryBytes()))
    return sizes.reduce((sum, size) => (sum === null || size === null ? null : sum + size), 0)
  }
  const before = await memory()
  const watchers = Array.from({ length: count }, (_, i) =>
    watch(urls[i % urls.length] ?? '', globalId('TrainingRun', runId)),
  )
  // The first epoch tells that a watcher is there; what is measured comes after it.
  await storeEpoch(prisma, runId, 1)
  while (watchers.some(({ received }) => received.length === 0)) await sleep(50)
  const committedAt = await storeAtPace(prisma, runId)
  const after = await memory()
  await endRun(prisma, runId)
  await Promise.all(watchers.map(({ ended }) => ended))
  const heard = watchers.flatMap(({ received }) => received.filter(({ number }) => number > 1))
  const late = heard.map(({ number, at }) => Math.max(0, at - (committedAt.get(number) ?? NaN)))
  const bytesEach = before === null || after === null ? null : (after - before) / count
  return {
    delays: spread(late),
    faults: watchers.reduce((sum, { received }) => sum + faultsOf(received), 0),
    bytesEach,
  }
}

interface Receipt {
  readonly number: number
  readonly at: number
}

/** One socket, from now on until the run ends. @param runId global */
export function watch(url: string, runId: string): { received: Receipt[]; ended: Promise<void> } {
  const received: Receipt[] = []
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 })
  const ended = (async () => {
    const variables = { id: runId }
    const events = client.iterate<{ epochCompleted: { number: number } }>({ query: EPOCH_COMPLETED, variables })
    for await (const { data } of events) {
      received.push({ number: data?.epochCompleted.number ?? NaN, at: performance.now() })
    }
    await client.dispose()
  })()
  ended.catch(() => undefined)
  return { received, ended }
}

/** @returns when each epoch's commit was known here */
async function storeAtPace(prisma: PrismaClient, runId: string): Promise<Map<number, number>> {
  const committedAt = new Map<number, number>()
  for (let number = 2; number <= EPOCHS + 1; number++) {
    await sleep(PACE_MS)
    await storeEpoch(prisma, runId, number)
    committedAt.set(number, performance.now())
  }
  await sleep(PACE_MS)
  return committedAt
}

/** With its bell in the same transaction, as the supervisor writes it. */
async function storeEpoch(prisma: PrismaClient, runId: string, number: number): Promise<void> {
  const figures = { trainLoss: 0.5, trainAccuracy: 0.8, validationLoss: 0.5, validationAccuracy: 0.8, macroF1: 0.8 }
  const pace = { learningRate: 0.001, seconds: 1, imagesPerSecond: 800 }
  await prisma.$transaction(async (tx) => {
    const metrics = JSON.parse(perClass()) as object[]
    await tx.epoch.create({ data: { trainingRunId: runId, number, ...figures, ...pace, perClass: metrics } })
    await tx.trainingRun.update({ where: { id: runId }, data: { latestEpochNumber: number } })
    await notify(tx, { topic: 'run', id: runId })
  })
}

async function endRun(prisma: PrismaClient, runId: string): Promise<void> {
  await prisma.$transaction(async (tx) => {
    await tx.trainingRun.update({ where: { id: runId }, data: { status: 'SUCCEEDED', finishedAt: new Date() } })
    await notify(tx, { topic: 'run', id: runId })
  })
}

/** Of the epochs 1 to the last, each once and in order. */
function faultsOf(received: readonly Receipt[]): number {
  const wanted = Array.from({ length: EPOCHS + 1 }, (_, i) => i + 1)
  const wrong = wanted.filter((number, i) => received[i]?.number !== number).length
  return wrong + Math.max(0, received.length - wanted.length)
}
