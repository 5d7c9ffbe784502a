import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { notify, type Events, type Topic } from '../../src/events/events.js'
import { createEvents } from '../../src/events/postgres-events.js'
import { createTestDatabase, type TestDatabase } from '../database.js'

/** Longer than any test here: what rings is what was notified. */
const NO_TICK_MS = 600_000

let database: TestDatabase
let events: Events

beforeEach(async () => {
  database = await createTestDatabase()
  events = await listen()
})

afterEach(async () => {
  await events.close()
  await database.close()
})

async function listen(tickMs = NO_TICK_MS): Promise<Events> {
  const listening = createEvents({ url: database.url, log: pino({ level: 'silent' }), tickMs })
  await listening.start()
  return listening
}

/** The number of rings so far. A bell hung up while its process listens has not rung yet. */
function counted(topic: Topic, id?: string): () => number {
  let rings = 0
  void (async () => {
    for await (const _ of events.bell(topic, id)) rings += 1
  })()
  return () => rings
}

/** What was notified before it has arrived once this rings: Postgres delivers in order. */
async function delivered(): Promise<void> {
  const last = counted('cancel', 'last')
  await notify(database.prisma, { topic: 'cancel', id: 'last' })
  await vi.waitFor(() => expect(last()).toBe(1), { timeout: 20_000 })
}

describe('a bell', () => {
  it('rings when another process commits, and not before', async () => {
    const rings = counted('run', 'a')
    await database.prisma.$transaction(async (tx) => {
      await notify(tx, { topic: 'run', id: 'a' })
      await delivered()
      expect(rings()).toBe(0)
    })
    await delivered()
    expect(rings()).toBe(1)
  })

  it('does not ring when the transaction is rolled back', async () => {
    const rings = counted('run', 'a')
    const work = database.prisma.$transaction(async (tx) => {
      await notify(tx, { topic: 'run', id: 'a' })
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    await delivered()
    expect(rings()).toBe(0)
  })

  it('rings for its own id only, or for every id of its topic', async () => {
    const [own, other, all] = [counted('run', 'a'), counted('run', 'b'), counted('run')]
    await notify(database.prisma, { topic: 'run', id: 'a' })
    await delivered()
    expect([own(), all(), other()]).toEqual([1, 1, 0])
  })

  it('remembers a ring that came while nobody waited, and makes many one', async () => {
    const bell = events.bell('import', 'a')
    for (let count = 0; count < 5; count += 1) await notify(database.prisma, { topic: 'import', id: 'a' })
    await delivered()
    await bell.next()
    expect(await Promise.race([bell.next().then(() => 'rung'), sleep(300, 'silent')])).toBe('silent')
  })

  it('rings again after the connection was cut, without being asked for anew', async () => {
    const rings = counted('run', 'a')
    await database.prisma.$queryRaw`
      SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
      WHERE application_name = 'graft-events' AND datname = current_database()`
    await vi.waitFor(() => expect(rings()).toBe(1), { timeout: 20_000 })
    await notify(database.prisma, { topic: 'run', id: 'a' })
    await delivered()
    expect(rings()).toBe(2)
  })

  it('rings at every tick although nothing happens', async () => {
    await events.close()
    events = await listen(100)
    const rings = counted('run', 'a')
    await vi.waitFor(() => expect(rings()).toBeGreaterThan(2), { timeout: 20_000 })
  })

  it('ends a wait and a loop when it is closed', async () => {
    const bell = events.bell('run', 'a')
    const loop = (async () => {
      for await (const ring of bell) expect(ring).toBeUndefined()
      return 'ended'
    })()
    bell.close()
    expect(await loop).toBe('ended')
    expect(bell.closed).toBe(true)
    await expect(bell.next()).resolves.toBeUndefined()
  })
})

describe('events', () => {
  it('close at once although the database is out of reach', async () => {
    const lost = createEvents({ url: 'postgresql://nobody@127.0.0.1:1/none', log: pino({ level: 'silent' }) })
    const started = lost.start()
    await lost.close()
    await started
  })
})
