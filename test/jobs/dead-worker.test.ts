import { randomUUID } from 'node:crypto'
import pino from 'pino'
import { expect, it } from 'vitest'
import { createQueue } from '../../src/jobs/boss-queue.js'
import { startChild } from '../child.js'
import { createTestDatabase } from '../database.js'

it('the import of a worker that was killed is taken over within 20 seconds', async () => {
  const database = await createTestDatabase()
  const queue = createQueue({ url: database.url, log: pino({ level: 'silent' }), supervise: true })
  await queue.start()
  const importId = randomUUID()
  await queue.enqueue(database.prisma, { queue: 'import', payload: { importId } })
  const worker = startChild(`
    const { createQueue } = await import(dist + '/jobs/boss-queue.js')
    const { default: pino } = await import('pino')
    const queue = createQueue({ url: ${JSON.stringify(database.url)}, log: pino({ level: 'silent' }), supervise: true })
    await queue.start()
    await queue.work('import', ({ importId }) => { console.log(importId); return new Promise(() => {}) })
  `)
  expect(await worker.line()).toBe(importId)
  await worker.end('SIGKILL')
  const killed = Date.now()
  const taken = new Promise<{ importId: string; attempt: number }>((resolve) => {
    void queue.work('import', (payload, { attempt }) => {
      resolve({ ...payload, attempt })
      return Promise.resolve()
    })
  })
  expect(await taken).toEqual({ importId, attempt: 2 })
  expect(Date.now() - killed).toBeLessThan(20_000)
  await queue.stop()
  await database.close()
})
