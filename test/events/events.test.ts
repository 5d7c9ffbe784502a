import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { notify, type Bell, type Events } from '../../src/events/events.js'
import { createEvents } from '../../src/events/postgres-events.js'
import { createTestDatabase, type TestDatabase } from '../database.js'

let database: TestDatabase
let events: Events

beforeEach(async () => {
  database = await createTestDatabase()
  events = createEvents({ url: database.url, log: pino({ level: 'silent' }) })
  await events.start()
})

afterEach(async () => {
  await events.close()
  await database.close()
})

/** Whether the bell rings within a time well below the tick. */
async function rings(bell: Bell, withinMs = 1500): Promise<boolean> {
  return Promise.race([bell.next().then(() => true), sleep(withinMs).then(() => false)])
}

/** Listening itself rings once: what was before is not known. */
async function quietBell(...parameters: Parameters<Events['bell']>): Promise<Bell> {
  const bell = events.bell(...parameters)
  while (await rings(bell, 200));
  return bell
}

describe('a bell', () => {
  it('rings when another process commits, and not before', async () => {
    const bell = await quietBell('run', 'a')
    const ring = bell.next().then(() => 'rung')
    await database.prisma.$transaction(async (tx) => {
      await notify(tx, { topic: 'run', id: 'a' })
      expect(await Promise.race([ring, sleep(300, 'silent')])).toBe('silent')
    })
    expect(await Promise.race([ring, sleep(1500, 'silent')])).toBe('rung')
  })

  it('does not ring when the transaction is rolled back', async () => {
    const bell = await quietBell('run', 'a')
    const work = database.prisma.$transaction(async (tx) => {
      await notify(tx, { topic: 'run', id: 'a' })
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect(await rings(bell, 400)).toBe(false)
  })

  it('rings for its own id only, or for every id of its topic', async () => {
    const [own, other, all] = [await quietBell('run', 'a'), await quietBell('run', 'b'), await quietBell('run')]
    await notify(database.prisma, { topic: 'run', id: 'a' })
    expect(await Promise.all([rings(own), rings(all), rings(other)])).toEqual([true, true, false])
  })

  it('remembers a ring that came while nobody waited, and makes many one', async () => {
    const bell = await quietBell('import', 'a')
    for (let count = 0; count < 5; count += 1) await notify(database.prisma, { topic: 'import', id: 'a' })
    await sleep(200)
    expect(await rings(bell, 100)).toBe(true)
    expect(await rings(bell, 300)).toBe(false)
  })

  it('rings again after the connection was cut, without being asked for anew', async () => {
    const bell = await quietBell('run', 'a')
    await database.prisma.$queryRaw`
      SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
      WHERE application_name = 'graft-events' AND datname = current_database()`
    expect(await rings(bell)).toBe(true)
    await notify(database.prisma, { topic: 'run', id: 'a' })
    expect(await rings(bell)).toBe(true)
  })

  it('rings every five seconds although nothing happens', async () => {
    const bell = await quietBell('run', 'a')
    expect(await rings(bell, 6000)).toBe(true)
  })

  it('ends a wait and a loop when it is closed', async () => {
    const bell = await quietBell('run', 'a')
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
    const before = Date.now()
    await lost.close()
    await started
    expect(Date.now() - before).toBeLessThan(1000)
  })
})
