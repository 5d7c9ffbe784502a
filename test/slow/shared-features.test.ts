import { afterAll, beforeAll, expect, it } from 'vitest'
import { readShardPictures } from '../../src/features/feature-shard.js'
import { eventually, openWorkshop, stopProcess, type Workshop } from '../trainer/fixture.js'

const PICTURES = 2 * 320
const ASKED = { epochs: 3, imageSize: 96 }

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 240, VALIDATION: 40, TEST: 40 })
})
afterAll(() => workshop.close())

async function figuresOf(trainingRunId: string): Promise<number[]> {
  const epochs = await workshop.database.prisma.epoch.findMany({ where: { trainingRunId }, orderBy: { number: 'asc' } })
  return epochs.flatMap(({ trainLoss, validationLoss, validationAccuracy }) => [
    trainLoss,
    validationLoss,
    validationAccuracy,
  ])
}

it('computes features on all trainers together, each picture once, to the same figures as one alone', async () => {
  const { prisma } = workshop.database
  const [first] = await Promise.all([0, 1, 2].map(() => workshop.startTrainer()))
  await eventually(
    async () => (await prisma.trainer.findMany()).filter(({ engine }) => engine !== null).length === 3,
    300_000,
  )
  const together = await workshop.startRun(ASKED)
  await workshop.until(together, ({ status }) => status === 'SUCCEEDED', 300_000)

  const shards = await prisma.featureShard.findMany()
  expect(new Set(shards.map(({ trainerId }) => trainerId)).size).toBe(3)
  const computed = await Promise.all(
    shards.map(
      async ({ sha256, featureKey }) => readShardPictures(featureKey, await workshop.storage.read(sha256)) ?? [],
    ),
  )
  expect(computed.flat()).toHaveLength(PICTURES)
  expect(computed.flat().toSorted()).toEqual(workshop.pictures.toSorted())
  expect(await prisma.featurePortion.count()).toBe(0)

  for (const trainer of workshop.trainers) if (trainer !== first) await stopProcess(trainer, 'SIGTERM')
  await prisma.featureShard.deleteMany()
  const alone = await workshop.startRun(ASKED)
  await workshop.until(alone, ({ status }) => status === 'SUCCEEDED', 300_000)
  const figures = await figuresOf(together)
  expect(figures).toHaveLength(3 * ASKED.epochs)
  for (const [i, figure] of (await figuresOf(alone)).entries()) {
    expect(Math.abs(figure - (figures[i] ?? NaN))).toBeLessThan(1e-6)
  }
}, 900_000)
