import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TrainingRun } from '../../src/database/generated/client.js'
import { openWorkshop, stopProcess, type Workshop } from '../trainer/fixture.js'

const LONG = { epochs: 60, learningRate: 0.01, hiddenUnits: [8] }

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 12, VALIDATION: 4, TEST: 4 })
  await workshop.startTrainer()
}, 120_000)
afterAll(() => workshop.close())

const succeeded = (id: string): Promise<TrainingRun> =>
  workshop.until(id, ({ status }) => status === 'SUCCEEDED', 120_000)

async function losses({ id }: TrainingRun): Promise<number[][]> {
  const epochs = await workshop.database.prisma.epoch.findMany({
    where: { trainingRunId: id },
    orderBy: { number: 'asc' },
  })
  return epochs.map(({ trainLoss, trainAccuracy, validationLoss }) => [trainLoss, trainAccuracy, validationLoss])
}

const shardCount = (): Promise<number> => workshop.database.prisma.featureShard.count()

it('computes so many views once and learns from another choice of them in each epoch', async () => {
  const seen = new Map<string, string>()
  for (const [augmentation, kept] of [
    ['NONE', 1],
    ['FLIP', 1],
    ['STANDARD', 4],
    ['STRONG', 8],
  ] as const) {
    const before = await shardCount()
    const run = await succeeded(await workshop.startRun({ augmentation, epochs: 2 }))
    expect((await shardCount()) - before).toBe(kept)
    seen.set(augmentation, JSON.stringify(await losses(run)))
    expect(run.progress).toMatchObject({ featuresDone: 40 + (augmentation === 'NONE' ? 0 : 24 * kept) })
  }
  expect(new Set(seen.values()).size).toBe(4)

  const before = await shardCount()
  const again = await succeeded(await workshop.startRun({ augmentation: 'STRONG', epochs: 2 }))
  expect(JSON.stringify(await losses(again))).toBe(seen.get('STRONG'))
  expect(await shardCount()).toBe(before)
}, 240_000)

it('goes on after its trainer was killed as if nothing had been', async () => {
  const undisturbed = await succeeded(await workshop.startRun({ ...LONG, augmentation: 'STRONG' }))
  const id = await workshop.startRun({ ...LONG, augmentation: 'STRONG' })
  await workshop.until(id, ({ latestEpochNumber }) => (latestEpochNumber ?? 0) >= 3, 120_000)
  const [trainer] = workshop.trainers
  await workshop.startTrainer()
  if (trainer !== undefined) await stopProcess(trainer, 'SIGKILL')
  const run = await succeeded(id)
  expect(run.attempts).toBe(2)
  const [expected, actual] = [await losses(undisturbed), await losses(run)]
  expect(actual).toHaveLength(LONG.epochs)
  actual.flat().forEach((figure, i) => {
    expect(Math.abs(figure - (expected.flat()[i] ?? NaN))).toBeLessThan(1e-6)
  })
}, 240_000)
