import { randomUUID } from 'node:crypto'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Backend } from '../../src/engine/engine.type.js'
import { RunControlRepository } from '../../src/runs/run-control.repository.js'
import type { RunClaim } from '../../src/runs/run-fence.js'
import { RunLeaseRepository } from '../../src/runs/run-lease.repository.js'
import { watchOrphans } from '../../src/supervisor/orphan-watch.js'
import { createTestDatabase, type TestDatabase } from '../database.js'
import { eventually } from '../trainer/fixture.js'
import { seedRun, seedVersion, type SeededVersion } from './rows.js'

let database: TestDatabase
let leases: RunLeaseRepository
let version: SeededVersion
beforeAll(async () => {
  database = await createTestDatabase()
  leases = new RunLeaseRepository(database.prisma)
  version = await seedVersion(database.prisma, 'animals')
})
afterAll(() => database.close())
beforeEach(() => database.prisma.trainingRun.deleteMany())

const seek = (backends: Backend[] = [], trainerId = randomUUID()) => leases.claimNext({ trainerId, backends })

async function claim(...backends: Backend[]): Promise<RunClaim> {
  const taken = await seek(backends)
  if (taken === null) throw new Error('No run was to be had.')
  return taken
}

/** In the order of their creation. */
async function queueRuns(count: number, more: object = {}): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    ids.push((await seedRun(database.prisma, version, { status: 'QUEUED', trainerId: null, ...more })).id)
  }
  return ids
}

it('gives the oldest runs to trainers that ask at once, one to each', async () => {
  const ids = await queueRuns(6)
  const taken = await Promise.all(Array.from({ length: 4 }, () => seek()))
  expect(taken.map((each) => each?.runId).toSorted()).toEqual(ids.slice(0, 4).toSorted())
  const rest = await Promise.all(Array.from({ length: 4 }, () => seek()))
  expect(rest.flatMap((each) => each?.runId ?? []).toSorted()).toEqual(ids.slice(4).toSorted())
})

it('keeps the order of creation through hand-overs, deaths, cancels and resumes', async () => {
  const ids = await queueRuns(4)
  const control = new RunControlRepository(database.prisma)
  const [handedOver, died, cancelled] = [await claim(), await claim(), await claim()]
  await control.cancel(cancelled.runId)
  await leases.handOver(cancelled)
  await leases.recordDeath(died)
  await leases.handOver(handedOver)
  await queueRuns(1)
  await control.resume(cancelled.runId)
  const order: string[] = []
  for (let next = await seek(); next !== null; next = await seek()) order.push(next.runId)
  expect(order.slice(0, 4)).toEqual(ids)
  expect(order).toHaveLength(5)
})

it('lets a run wait for its engine and keep its place, and others pass meanwhile', async () => {
  const [first] = await queueRuns(1, { engine: { backend: 'tensorflow', device: 'a', version: 'b' } })
  const [second, third] = await queueRuns(2)
  expect((await claim('wasm', 'cpu')).runId).toBe(second)
  expect((await claim('tensorflow', 'wasm', 'cpu')).runId).toBe(first)
  expect((await claim('wasm')).runId).toBe(third)
})

it('creates a run at the time that the database has, whatever the server believes', async () => {
  const [id] = await queueRuns(1)
  const [row] = await database.prisma.$queryRaw<{ exact: boolean }[]>`
    SELECT created_at BETWEEN now() - interval '1 minute' AND now() AS exact FROM training_run WHERE id = ${id}::uuid`
  expect(row).toEqual({ exact: true })
})

it('puts back a run that was claimed without the trainer hearing of it, which counts as no death', async () => {
  const [id = ''] = await queueRuns(2)
  const trainerId = randomUUID()
  const heard = await seek([], trainerId)
  const unheard = await seek([], trainerId)
  const ours = heard === null ? [] : [{ id: heard.runId, lease: heard.lease }]
  const watch = watchOrphans({ what: 'runs', leases, trainerId, ours: () => ours, log: pino({ level: 'silent' }) })
  const run = () => database.prisma.trainingRun.findUniqueOrThrow({ where: { id: unheard?.runId ?? '' } })
  await eventually(async () => (await run()).status === 'QUEUED')
  await watch.stop()
  expect(await run()).toMatchObject({ attempts: 1, trainerId: null })
  expect(await database.prisma.trainingRun.findUnique({ where: { id } })).toMatchObject({ trainerId, lease: 1 })
})
