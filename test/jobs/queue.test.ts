import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createQueue } from '../../src/jobs/boss-queue.js'
import type { Queue } from '../../src/jobs/queue.js'
import { createTestDatabase, type TestDatabase } from '../database.js'

const log = pino({ level: 'silent' })
let database: TestDatabase
let queue: Queue

beforeEach(async () => {
  database = await createTestDatabase()
  queue = createQueue({ url: database.url, log, supervise: false })
  await queue.start()
})

afterEach(async () => {
  await queue.stop()
  await database.close()
})

function importJob(importId = randomUUID()) {
  return { queue: 'import' as const, payload: { importId } }
}

/** The next job's payload, to a worker that does it at once. */
function nextOf(worker: Queue): Promise<unknown> {
  return new Promise((resolve) => {
    void worker.work('import', (payload) => {
      resolve(payload)
      return Promise.resolve()
    })
  })
}

const waiting = (id: string) => queue.withoutJob('import', [id]).then((without) => without.length === 0)

describe('a job', () => {
  it('is there with the row that its transaction wrote', async () => {
    const job = importJob()
    await database.prisma.$transaction(async (tx) => {
      await tx.dataset.create({ data: { name: 'pets' } })
      await queue.enqueue(tx, job)
    })
    expect(await nextOf(queue)).toEqual(job.payload)
    expect(await database.prisma.dataset.count()).toBe(1)
  })

  it('is not there when its transaction is rolled back', async () => {
    const job = importJob()
    const work = database.prisma.$transaction(async (tx) => {
      await tx.dataset.create({ data: { name: 'pets' } })
      await queue.enqueue(tx, job)
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect(await waiting(job.payload.importId)).toBe(false)
    expect(await database.prisma.dataset.count()).toBe(0)
  })

  it('is done by one of several workers, once', async () => {
    const jobs = Array.from({ length: 12 }, () => importJob())
    for (const job of jobs) await queue.enqueue(database.prisma, job)
    const done: string[] = []
    for (let worker = 0; worker < 3; worker += 1) {
      await queue.work('import', ({ importId }) => {
        done.push(importId)
        return Promise.resolve()
      })
    }
    while (done.length < jobs.length) await sleep(20)
    await sleep(1000)
    expect(done.toSorted()).toEqual(jobs.map(({ payload }) => payload.importId).toSorted())
  })

  it('is taken again after its handler threw', async () => {
    await queue.enqueue(database.prisma, importJob())
    const attempts = await new Promise<number>((resolve) => {
      void queue.work('import', (_payload, { attempt }) => {
        if (attempt === 1) return Promise.reject(new Error('later'))
        resolve(attempt)
        return Promise.resolve()
      })
    })
    expect(attempts).toBe(2)
  })

  it('is refused when its payload is wrong', async () => {
    const wrong = { queue: 'import' as const, payload: { importId: 'seven' } }
    await expect(queue.enqueue(database.prisma, wrong)).rejects.toThrow(/importId/)
  })
})

describe('a row', () => {
  it('has one unfinished job however often it is enqueued, is found without one, and may have another then', async () => {
    const job = importJob()
    const id = job.payload.importId
    expect(await waiting(id)).toBe(false)
    await Promise.all([1, 2, 3].map(() => database.prisma.$transaction((tx) => queue.enqueue(tx, job))))
    expect(await waiting(id)).toBe(true)
    let done = 0
    await queue.work('import', () => Promise.resolve(void (done += 1)))
    while (await waiting(id)) await sleep(20)
    await sleep(1000)
    expect(done).toBe(1)
    await queue.enqueue(database.prisma, job)
    while (await waiting(id)) await sleep(20)
    expect(done).toBe(2)
  })
})

describe('the queue', () => {
  it('starts in several processes at once on an empty database', async () => {
    const fresh = await createTestDatabase()
    const queues = [1, 2, 3].map(() => createQueue({ url: fresh.url, log, supervise: true }))
    await Promise.all(queues.map((each) => each.start()))
    const job = importJob()
    await queues[0]?.enqueue(fresh.prisma, job)
    expect(await nextOf(queues[2] as Queue)).toEqual(job.payload)
    await Promise.all(queues.map((each) => each.stop()))
    await fresh.close()
  })

  it('stops without waiting for handlers: they are told, and the job of one that goes on is taken again', async () => {
    const importId = randomUUID()
    await queue.enqueue(database.prisma, { queue: 'import', payload: { importId } })
    const worker = createQueue({ url: database.url, log, supervise: true })
    await worker.start()
    const told = new Promise<void>((begun) => {
      void worker.work('import', async (_payload, { signal }) => {
        begun()
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        await sleep(60_000, undefined, { ref: false })
      })
    })
    await told
    const before = Date.now()
    await worker.stop()
    expect(Date.now() - before).toBeLessThan(20_000)
    const taken = new Promise<number>((resolve) => {
      void queue.work('import', (payload, { attempt }) => {
        expect(payload).toEqual({ importId })
        resolve(attempt)
        return Promise.resolve()
      })
    })
    expect(await taken).toBe(2)
  })
})
