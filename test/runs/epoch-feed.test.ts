import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEvents } from '../../src/events/postgres-events.js'
import type { Events } from '../../src/events/events.js'
import { epochFeed } from '../../src/runs/epoch.feed.js'
import { EpochRepository } from '../../src/runs/epoch.repository.js'
import { TrainingRunRepository } from '../../src/runs/training-run.repository.js'
import { createTestDatabase, type TestDatabase } from '../database.js'
import { seedRun, seedVersion, setStatus, storeEpoch, type SeededVersion } from './rows.js'

let database: TestDatabase
let events: Events
let version: SeededVersion

beforeAll(async () => {
  database = await createTestDatabase()
  // No tick helps: a lost ring would be waited for until the test's end.
  events = createEvents({ url: database.url, log: pino({ level: 'silent' }), tickMs: 600_000 })
  await events.start()
  version = await seedVersion(database.prisma, 'animals')
})

afterAll(async () => {
  await events.close()
  await database.close()
})

/** Does something right after a read, once for each action: what a trainer may do at the worst moment. */
class Interrupted extends EpochRepository {
  readonly actions: (() => Promise<unknown>)[] = []

  override async after(...args: Parameters<EpochRepository['after']>) {
    const epochs = await super.after(...args)
    await this.actions.shift()?.()
    return epochs
  }
}

it('misses no epoch that is written between its read and its wait, nor the end', async () => {
  const { prisma } = database
  const run = await seedRun(prisma, version)
  const epochs = new Interrupted(prisma)
  epochs.actions.push(
    () => storeEpoch(prisma, run.id, 1),
    () => storeEpoch(prisma, run.id, 2),
    async () => {
      await storeEpoch(prisma, run.id, 3)
      await setStatus(prisma, run.id, 'SUCCEEDED')
    },
  )
  const numbers: number[] = []
  const runs = new TrainingRunRepository(prisma)
  for await (const epoch of epochFeed({ events, runs, epochs }, { runId: run.id, afterEpoch: 0 })) {
    numbers.push(epoch.number)
  }
  expect(numbers).toEqual([1, 2, 3])
})

it('lets go at once of a reader that leaves while nothing happens', async () => {
  const run = await seedRun(database.prisma, version)
  const parts = {
    events,
    runs: new TrainingRunRepository(database.prisma),
    epochs: new EpochRepository(database.prisma),
  }
  const feed = epochFeed(parts, { runId: run.id, afterEpoch: 0 })
  const waiting = feed.next()
  await new Promise((resolve) => setTimeout(resolve, 200))
  await feed.return?.()
  expect(await waiting).toEqual({ value: undefined, done: true })
})
