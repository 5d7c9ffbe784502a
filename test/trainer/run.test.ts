import { afterAll, beforeAll, expect, it } from 'vitest'
import { readCheckpoint } from '../../src/training/checkpoint-file.js'
import { openWorkshop, type Workshop } from './fixture.js'

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 12, VALIDATION: 4, TEST: 4 })
  await workshop.startTrainer()
})
afterAll(() => workshop.close())

it('trains a waiting run to its evaluation on TEST', async () => {
  const { database, storage } = workshop
  const id = await workshop.startRun({ epochs: 4, learningRate: 0.01 })
  const run = await workshop.until(id, ({ status }) => status === 'SUCCEEDED')

  expect(run).toMatchObject({ attempts: 1, trainerId: null, latestEpochNumber: 4, failure: null, resumeSha256: null })
  expect(run.engine).toMatchObject({ backend: expect.any(String) as string, version: expect.any(String) as string })
  const trunk = await database.prisma.trunk.findUniqueOrThrow({ where: { sha256: run.trunkSha256 ?? '' } })
  expect(trunk).toMatchObject({ name: 'random', pretrained: false })

  const epochs = await database.prisma.epoch.findMany({ where: { trainingRunId: id }, orderBy: { number: 'asc' } })
  expect(epochs.map((epoch) => epoch.number)).toEqual([1, 2, 3, 4])
  const losses = epochs.map((epoch) => epoch.validationLoss)
  expect(run.bestValidationLoss).toBe(Math.min(...losses))
  expect(run.bestEpochNumber).toBe(losses.indexOf(Math.min(...losses)) + 1)

  const evaluation = await database.prisma.evaluation.findUniqueOrThrow({
    where: { id: run.evaluationId ?? '' },
    include: { outcomes: true, checkpoint: true },
  })
  expect(evaluation).toMatchObject({ state: 'SUCCEEDED', split: 'TEST' })
  expect(evaluation.checkpoint.epoch).toBe(run.bestEpochNumber)
  expect(evaluation.outcomes).toHaveLength(8)
  for (const outcome of evaluation.outcomes) {
    expect(outcome.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6)
    expect(outcome.loss).toBeCloseTo(-Math.log(outcome.probabilities[outcome.actual] ?? 0), 6)
  }
  const right = evaluation.outcomes.filter((outcome) => outcome.actual === outcome.predicted).length
  expect(run.testAccuracy).toBe(right / 8)

  const file = readCheckpoint(await storage.read(evaluation.checkpoint.sha256))
  expect(file).toMatchObject({ runId: id, epoch: run.bestEpochNumber, classNames: ['dots', 'stripes'] })
  expect(file.trunkSha256).toBe(run.trunkSha256)
})
