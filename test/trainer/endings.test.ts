import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgress } from '../../src/domain/progress.js'
import { notify } from '../../src/events/events.js'
import { openWorkshop, stopProcess, type Workshop } from './fixture.js'

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 40, VALIDATION: 10, TEST: 10 })
  await workshop.startTrainer()
})
afterAll(() => workshop.close())

async function cancel(id: string): Promise<void> {
  await workshop.database.prisma.$transaction(async (tx) => {
    await tx.trainingRun.update({ where: { id }, data: { cancelRequestedAt: new Date() } })
    await notify(tx, { topic: 'cancel', id })
  })
  await workshop.until(id, ({ status }) => status === 'CANCELLED')
}

it('cancels while features are computed', async () => {
  const id = await workshop.startRun({ epochs: 1, imageSize: 384 })
  await workshop.until(
    id,
    ({ progress }) => runProgress.nullable().parse(progress)?.featuresDone !== 0 && progress !== null,
  )
  await cancel(id)
  const run = await workshop.run(id)
  expect(run).toMatchObject({ attempts: 1, latestEpochNumber: null, trainerId: null, failure: null })
})

it('cancels while a head learns and keeps its epochs', async () => {
  const id = await workshop.startRun({ epochs: 1000 })
  await workshop.until(id, ({ latestEpochNumber }) => (latestEpochNumber ?? 0) >= 2)
  await cancel(id)
  const run = await workshop.run(id)
  expect(run).toMatchObject({ attempts: 1, evaluationId: null })
  expect(run.latestEpochNumber).toBeGreaterThanOrEqual(2)
  expect(run.resumeSha256).not.toBeNull()
})

it('keeps the best checkpoint and the last three, and one resume state', async () => {
  const { database, storage } = workshop
  const id = await workshop.startRun({ epochs: 12, learningRate: 0.0003 })
  const run = await workshop.until(id, ({ status }) => status === 'SUCCEEDED')
  const checkpoints = await database.prisma.checkpoint.findMany({ where: { trainingRunId: id } })
  expect(checkpoints.length).toBeLessThanOrEqual(4)
  expect(checkpoints.map(({ epoch }) => epoch)).toContain(run.bestEpochNumber)
  for (const { sha256 } of checkpoints) expect(await storage.stat(sha256)).not.toBeNull()
})

it('says that learning diverged, and what to change', async () => {
  const diverging = { optimizer: 'SGD', learningRate: 10, momentum: 0.99, hiddenUnits: [64, 64, 64, 64] }
  const id = await workshop.startRun({ epochs: 50, ...diverging })
  const run = await workshop.until(id, ({ finishedAt }) => finishedAt !== null)
  expect(run).toMatchObject({
    status: 'FAILED',
    failure: { code: 'NON_FINITE_LOSS', suggestion: { changes: [{ name: 'learningRate', value: '1' }] } },
  })
})

it('names the picture that storage lost', async () => {
  const { storage, pictures, database } = workshop
  const [lost = ''] = pictures
  const bytes = await storage.read(lost)
  await storage.delete(lost)
  const id = await workshop.startRun({ epochs: 1, imageSize: 64 })
  const run = await workshop.until(id, ({ status }) => status === 'FAILED')
  await storage.put(bytes)
  const { fileName } = await database.prisma.image.findFirstOrThrow({ where: { sha256: lost } })
  expect(run.failure).toMatchObject({ code: 'DATASET_UNAVAILABLE' })
  expect(JSON.stringify(run.failure)).toContain(fileName)
})

it('fails with a way out where the weights are out of reach', async () => {
  const other = await openWorkshop({ TRAIN: 1, VALIDATION: 1, TEST: 0 })
  try {
    const trainer = await other.startTrainer({ GRAFT_TRUNK_WEIGHTS: 'http://127.0.0.1:9/resnet50-0676ba61.pth' })
    const id = await other.startRun({ epochs: 1 })
    const run = await other.until(id, ({ status }) => status === 'FAILED')
    expect(run.failure).toMatchObject({ code: 'WEIGHTS_UNAVAILABLE' })
    expect(JSON.stringify(run.failure)).toContain('GRAFT_TRUNK_WEIGHTS')
    await stopProcess(trainer, 'SIGTERM')
  } finally {
    await other.close()
  }
})
