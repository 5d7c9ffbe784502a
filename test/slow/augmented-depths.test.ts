import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TrainingRun } from '../../src/database/generated/client.js'
import { openWorkshop, type Workshop } from '../trainer/fixture.js'

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 12, VALIDATION: 4, TEST: 4 })
  await workshop.startTrainer()
})
afterAll(() => workshop.close())

const succeeded = (id: string): Promise<TrainingRun> =>
  workshop.until(id, ({ status }) => status === 'SUCCEEDED', 240_000)

async function losses({ id }: TrainingRun): Promise<number[][]> {
  const epochs = await workshop.database.prisma.epoch.findMany({ where: { trainingRunId: id } })
  return epochs.map(({ trainLoss, validationLoss }) => [trainLoss, validationLoss])
}

it.each(['LAYER4', 'ALL'] as const)(
  'varies what is behind the cut too: %s',
  async (trainableLayers) => {
    const input = { trainableLayers, epochs: 1, batchSize: 24, learningRate: 0.01 }
    const plain = await losses(await succeeded(await workshop.startRun(input)))
    for (const augmentation of ['FLIP', 'STRONG'] as const) {
      const varied = await losses(await succeeded(await workshop.startRun({ ...input, augmentation })))
      expect(varied).not.toEqual(plain)
      for (const figure of varied.flat()) expect(figure).toBeGreaterThanOrEqual(0)
    }
  },
  600_000,
)
