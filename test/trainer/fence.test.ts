import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FinishedEpoch } from '../../src/compute/messages.js'
import { ClaimLostError } from '../../src/domain/claim-lost.js'
import { NO_PROGRESS } from '../../src/domain/progress.js'
import type { RunClaim } from '../../src/runs/run-fence.js'
import { RunLeaseRepository } from '../../src/runs/run-lease.repository.js'
import { RunResultsRepository } from '../../src/supervisor/run-results.repository.js'
import { openWorkshop, type Workshop } from './fixture.js'

let workshop: Workshop
let leases: RunLeaseRepository
let results: RunResultsRepository
beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 1, VALIDATION: 1, TEST: 0 })
  leases = new RunLeaseRepository(workshop.database.prisma)
  results = new RunResultsRepository(workshop.database.prisma)
})
afterAll(() => workshop.close())

const blob = (digit: string) => ({ sha256: digit.repeat(64), byteSize: 1 })
const figures = { trainLoss: 1, trainAccuracy: 0.5, validationLoss: 1, validationAccuracy: 0.5, learningRate: 0.1 }

const agreement = {
  ...{ balancedAccuracy: 0.5, cohenKappa: 0, matthewsCorrelation: 0 },
  ...{ expectedCalibrationError: 0.1, temperature: 1.5 },
}

function epoch(number: number): FinishedEpoch {
  const rest = { perClass: [], macroF1: 0, seconds: 1, imagesPerSecond: 1, ...agreement }
  return {
    epoch: { number, ...figures, ...rest },
    checkpoint: { ...blob('c'), trainedTrunkSha256: null },
    resume: blob(String(number)),
  }
}

/** The run is the only one that waits. */
async function claim(runId: string): Promise<RunClaim> {
  const taken = await leases.claimNext({ trainerId: randomUUID(), backends: [] })
  if (taken?.runId !== runId) throw new Error('The run was not to be had.')
  return taken
}

/** As the watch of another trainer does it. */
async function takeFromDead(runId: string): Promise<boolean> {
  const seen = (await leases.held()).find((held) => held.id === runId)
  return seen !== undefined && leases.takeFromDead(seen)
}

it('gives a run to one of many trainers that ask at once', async () => {
  const id = await workshop.startRun({})
  const taken = await Promise.all(
    Array.from({ length: 8 }, () => leases.claimNext({ trainerId: randomUUID(), backends: [] })),
  )
  expect(taken.flatMap((each) => each?.runId ?? [])).toEqual([id])
  expect(await workshop.run(id)).toMatchObject({ status: 'PREPARING', lease: 1, attempts: 1 })
})

it('lets nobody write with a lease that has passed on', async () => {
  const id = await workshop.startRun({})
  const stale = await claim(id)
  await results.storeEpoch(stale, epoch(1))
  expect(await takeFromDead(id)).toBe(true)
  const fresh = await claim(id)

  for (const write of [
    () => results.storeEpoch(stale, epoch(2)),
    () => results.setStatus(stale, 'RUNNING'),
    () => results.setProgress(stale, NO_PROGRESS),
    () => results.cancel(stale),
    () => results.fail(stale, { code: 'INTERNAL', message: '', suggestion: null }),
    () => leases.handOver(stale),
    () => leases.recordDeath(stale),
  ]) {
    await expect(write()).rejects.toThrow(ClaimLostError)
  }
  expect(await leases.renew(stale)).toBe('lost')
  expect(await leases.renew(fresh)).toBe('held')
  expect(await workshop.run(id)).toMatchObject({ status: 'PREPARING', attempts: 2, resumeSha256: '1'.repeat(64) })
  expect(await workshop.database.prisma.epoch.count({ where: { trainingRunId: id } })).toBe(1)
})

it('takes no run from a holder that has renewed it since it was looked at', async () => {
  const id = await workshop.startRun({})
  const held = await claim(id)
  const seen = (await leases.held()).find((held) => held.id === id)
  await new Promise((resolve) => setTimeout(resolve, 5))
  await leases.renew(held)
  expect(seen && (await leases.takeFromDead(seen))).toBe(false)
})

it('stores an epoch once, however often it comes', async () => {
  const id = await workshop.startRun({})
  const held = await claim(id)
  for (const number of [1, 2, 1]) await results.storeEpoch(held, epoch(number))
  const { prisma } = workshop.database
  expect(await prisma.epoch.count({ where: { trainingRunId: id } })).toBe(2)
  expect(await prisma.checkpoint.count({ where: { trainingRunId: id } })).toBe(2)
  expect(await workshop.run(id)).toMatchObject({ latestEpochNumber: 2, bestEpochNumber: 2 })
})

it('cancels a run that was to be cancelled when its trainer died, and counts no death', async () => {
  const id = await workshop.startRun({})
  await claim(id)
  await workshop.database.prisma.trainingRun.update({ where: { id }, data: { cancelRequestedAt: new Date() } })
  expect(await takeFromDead(id)).toBe(true)
  expect(await workshop.run(id)).toMatchObject({ status: 'CANCELLED', attempts: 1, trainerId: null })
})

it('counts three deaths and no fourth', async () => {
  const id = await workshop.startRun({})
  for (const attempts of [2, 3]) {
    await claim(id)
    await takeFromDead(id)
    expect(await workshop.run(id)).toMatchObject({ status: 'QUEUED', attempts })
  }
  await claim(id)
  await takeFromDead(id)
  const run = await workshop.run(id)
  expect(run).toMatchObject({ status: 'FAILED', attempts: 3, failure: { code: 'TRAINER_LOST' } })
  expect(run.finishedAt).not.toBeNull()
})
