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

function runJob(trainingRunId = randomUUID(), priority = 0) {
  return { queue: 'run' as const, payload: { trainingRunId }, priority }
}

describe('a job', () => {
  it('is there with the row that its transaction wrote', async () => {
    const job = runJob()
    await database.prisma.$transaction(async (tx) => {
      await tx.dataset.create({ data: { name: 'pets' } })
      await queue.enqueue(tx, job)
    })
    expect(await queue.fetch('run')).toMatchObject({ payload: job.payload, retryCount: 0 })
    expect(await database.prisma.dataset.count()).toBe(1)
  })

  it('is not there when its transaction is rolled back', async () => {
    const work = database.prisma.$transaction(async (tx) => {
      await tx.dataset.create({ data: { name: 'pets' } })
      await queue.enqueue(tx, runJob())
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect(await queue.fetch('run')).toBeNull()
    expect(await database.prisma.dataset.count()).toBe(0)
  })

  it('is taken by one taker only, the urgent before the early', async () => {
    const [early, urgent] = [runJob(), runJob(undefined, 5)]
    for (const job of [early, urgent]) await queue.enqueue(database.prisma, job)
    expect((await queue.fetch('run'))?.payload).toEqual(urgent.payload)
    const [first, second] = await Promise.all([queue.fetch('run'), queue.fetch('run')])
    expect([first, second].filter((job) => job !== null).map((job) => job.payload)).toEqual([early.payload])
  })

  it('waits until its time', async () => {
    await queue.enqueue(database.prisma, { ...runJob(), startAfterSeconds: 3600 })
    expect(await queue.fetch('run')).toBeNull()
  })

  it("is completed in the transaction of its taker, and only while it is the taker's", async () => {
    await queue.enqueue(database.prisma, runJob())
    const job = await queue.fetch('run')
    if (job === null) throw new Error('no job')
    const work = database.prisma.$transaction(async (tx) => {
      expect(await queue.complete('run', job, tx)).toBe(true)
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect(await database.prisma.$transaction((tx) => queue.complete('run', job, tx))).toBe(true)
    expect(await queue.complete('run', job)).toBe(false)
  })

  it('is taken again after it was failed, and the old taker cannot complete it', async () => {
    await queue.enqueue(database.prisma, runJob())
    const first = await queue.fetch('run')
    if (first === null) throw new Error('no job')
    await queue.fail('run', first, 'later')
    let again = await queue.fetch('run')
    for (const start = Date.now(); again === null && Date.now() - start < 8000;) {
      await sleep(100)
      again = await queue.fetch('run')
    }
    expect(again).toMatchObject({ id: first.id, retryCount: 1 })
    expect(await queue.complete('run', first)).toBe(false)
  })

  it('is refused when its payload is wrong', async () => {
    const wrong = { queue: 'run' as const, payload: { trainingRunId: 'seven' } }
    await expect(queue.enqueue(database.prisma, wrong)).rejects.toThrow(/trainingRunId/)
  })
})

describe('a row', () => {
  it('has one unfinished job however often it is enqueued', async () => {
    const job = runJob()
    await Promise.all([1, 2, 3].map(() => database.prisma.$transaction((tx) => queue.enqueue(tx, job))))
    const taken = await queue.fetch('run')
    expect(taken?.payload).toEqual(job.payload)
    expect(await queue.fetch('run')).toBeNull()
  })

  it('is found when it has no unfinished job, and may have another one then', async () => {
    const [waiting, done, never] = [runJob(), runJob(undefined, 1), randomUUID()]
    for (const job of [waiting, done]) await queue.enqueue(database.prisma, job)
    const taken = await queue.fetch('run')
    if (taken === null) throw new Error('no job')
    const ids = [waiting.payload.trainingRunId, done.payload.trainingRunId, never]
    expect(await queue.withoutJob('run', ids)).toEqual([never])
    await queue.complete('run', taken)
    expect(await queue.withoutJob('run', ids)).toEqual([done.payload.trainingRunId, never])
    await queue.enqueue(database.prisma, done)
    expect(await queue.withoutJob('run', ids)).toEqual([never])
  })
})

describe('the queue', () => {
  it('starts in several processes at once on an empty database', async () => {
    const fresh = await createTestDatabase()
    const queues = [1, 2, 3].map(() => createQueue({ url: fresh.url, log, supervise: true }))
    await Promise.all(queues.map((each) => each.start()))
    await queues[0]?.enqueue(fresh.prisma, runJob())
    expect(await queues[2]?.fetch('run')).not.toBeNull()
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
