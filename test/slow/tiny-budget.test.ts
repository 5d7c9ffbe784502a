import { afterAll, expect, it } from 'vitest'
import type { Epoch, Outcome } from '../../src/database/generated/client.js'
import { runProgress } from '../../src/domain/progress.js'
import { notify } from '../../src/events/events.js'
import { openWorkshop, stopProcess, type Workshop } from '../trainer/fixture.js'

const INPUT = { epochs: 3, learningRate: 0.01, augmentation: 'FLIP' }

const workshop: Workshop = await openWorkshop({ TRAIN: 12, VALIDATION: 4, TEST: 4 })
afterAll(() => workshop.close())

interface Figures {
  readonly epochs: Epoch[]
  readonly outcomes: Outcome[]
}

/** Of a run by a trainer with that budget. */
async function train(featureCacheBytes: number): Promise<Figures> {
  const { prisma } = workshop.database
  const trainer = await workshop.startTrainer({ GRAFT_FEATURE_CACHE_BYTES: String(featureCacheBytes) })
  const id = await workshop.startRun(INPUT)
  const { evaluationId } = await workshop.until(id, ({ status }) => status === 'SUCCEEDED', 120_000)
  await stopProcess(trainer, 'SIGTERM')
  return {
    epochs: await prisma.epoch.findMany({ where: { trainingRunId: id }, orderBy: { number: 'asc' } }),
    outcomes: await prisma.outcome.findMany({
      where: { evaluationId: evaluationId ?? '' },
      orderBy: { position: 'asc' },
    }),
  }
}

it('keeps nothing on disk beyond a tiny budget, and gives the same figures', async () => {
  const { featureShard } = workshop.database.prisma
  const tiny = await train(1000)
  expect(await featureShard.count()).toBe(0)
  const ample = await train(1e9)
  expect(await featureShard.count()).toBeGreaterThan(0)
  expect(tiny.epochs).toHaveLength(INPUT.epochs)
  expect(lossesOf(tiny)).toEqual(lossesOf(ample))
  expect(tiny.outcomes.map(({ probabilities }) => probabilities)).toEqual(
    ample.outcomes.map(({ probabilities }) => probabilities),
  )
}, 300_000)

it('is cancelled while an epoch computes again what fits neither on disk nor into memory', async () => {
  const { prisma } = workshop.database
  const kept = await prisma.featureShard.count()
  await workshop.startTrainer({ GRAFT_FEATURE_CACHE_BYTES: '1000' })
  // 8.4 MB a picture, so that of the pictures and of their mirror images less than half is kept in memory.
  const id = await workshop.startRun({ ...INPUT, trainableLayers: 'LAYER2', imageSize: 512, batchSize: 2 })
  await workshop.until(id, ({ progress }) => (runProgress.nullable().parse(progress)?.step ?? 0) >= 1, 200_000)
  await prisma.$transaction(async (tx) => {
    await tx.trainingRun.update({ where: { id }, data: { cancelRequestedAt: new Date() } })
    await notify(tx, { topic: 'cancel', id })
  })
  const run = await workshop.until(id, ({ status }) => status === 'CANCELLED')
  expect(run).toMatchObject({ attempts: 1, latestEpochNumber: null, failure: null })
  expect(await prisma.featureShard.count()).toBe(kept)
}, 400_000)

function lossesOf({ epochs }: Figures): number[] {
  return epochs.flatMap(({ trainLoss, validationLoss }) => [trainLoss, validationLoss])
}
