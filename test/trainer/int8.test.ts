import type { ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Outcome, TrainingRun } from '../../src/database/generated/client.js'
import { calibrationOf, readPrecision } from '../../src/domain/precision.js'
import { globalId } from '../../src/graphql/ids.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { openWorkshop, stopProcess, type Workshop } from './fixture.js'

const INPUT = { epochs: 3, learningRate: 0.01 }

let workshop: Workshop
let trainer: ChildProcess
/** In single precision, as every process but the first trainer. */
let server: TestServer
let run: TrainingRun

beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 12, VALIDATION: 4, TEST: 4 })
  server = await createTestServer({ DATABASE_URL: workshop.database.url, GRAFT_DATA_DIR: workshop.dataDir })
  trainer = await workshop.startTrainer({ GRAFT_TRUNK_PRECISION: 'int8' })
  run = await succeeded(await workshop.startRun(INPUT))
}, 180_000)
afterAll(async () => {
  await server.close()
  await workshop.close()
})

const succeeded = (id: string): Promise<TrainingRun> =>
  workshop.until(id, ({ status }) => status === 'SUCCEEDED', 120_000)

async function outcomesOf({ evaluationId }: { evaluationId: string | null }): Promise<Outcome[]> {
  return workshop.database.prisma.outcome.findMany({
    where: { evaluationId: evaluationId ?? '' },
    orderBy: { position: 'asc' },
  })
}

async function validationLosses({ id }: TrainingRun): Promise<number[]> {
  const epochs = await workshop.database.prisma.epoch.findMany({
    where: { trainingRunId: id },
    orderBy: { number: 'asc' },
  })
  return epochs.map((epoch) => epoch.validationLoss)
}

async function checkpointOf({ id }: TrainingRun): Promise<string> {
  const where = { trainingRunId: id }
  return (await workshop.database.prisma.checkpoint.findFirstOrThrow({ where, orderBy: { epoch: 'desc' } })).id
}

interface Classified {
  readonly __typename: string
  readonly reason?: string
  readonly prediction?: { readonly scores: readonly { readonly label: string; readonly probability: number }[] }
}

async function classify(imageId: string, checkpointId: string): Promise<Classified> {
  const { data, errors } = await server.ask<{ classify: Classified }>(
    `mutation($input: ClassifyInput!) { classify(input: $input) { __typename
      ... on ClassifySuccess { prediction { scores { label probability } } } ... on TrunkUnavailable { reason } } }`,
    {
      input: {
        image: { imageId: globalId('Image', imageId) },
        model: { checkpointId: globalId('Checkpoint', checkpointId) },
      },
    },
  )
  if (!data) throw new Error(JSON.stringify(errors))
  return data.classify
}

it('is pinned to the run with its calibration, which every later run of that trunk and size uses', async () => {
  const { prisma } = workshop.database
  const [calibration, ...others] = await prisma.trunkCalibration.findMany()
  expect(others).toEqual([])
  expect(calibration).toMatchObject({ trunkSha256: run.trunkSha256, imageSize: 32 })
  expect(run.trunkPrecision).toBe(`int8:${calibration?.sha256 ?? ''}`)
  expect(await workshop.storage.stat(calibration?.sha256 ?? '')).not.toBeNull()

  const again = await succeeded(await workshop.startRun(INPUT))
  expect(again.trunkPrecision).toBe(run.trunkPrecision)
  expect(await validationLosses(again)).toEqual(await validationLosses(run))
  expect(await prisma.trunkCalibration.count()).toBe(1)
})

it("classifies with the checkpoint's int8 trunk on a server whose setting is another", async () => {
  const checkpoint = await checkpointOf(run)
  for (const { imageId, probabilities } of await outcomesOf(run)) {
    const { prediction } = await classify(imageId, checkpoint)
    const dots = prediction?.scores.find(({ label }) => label === 'dots')?.probability
    // Kept features are in half precision, a new picture's are not.
    expect(Math.abs((dots ?? NaN) - (probabilities[0] ?? NaN))).toBeLessThan(1e-3)
  }
})

it("evaluates with the checkpoint's int8 trunk on a trainer whose setting is another", async () => {
  await stopProcess(trainer, 'SIGTERM')
  trainer = await workshop.startTrainer({ GRAFT_TRUNK_PRECISION: 'fp32' })
  const { prisma } = workshop.database
  const input = {
    checkpointId: globalId('Checkpoint', await checkpointOf(run)),
    datasetVersionId: globalId('DatasetVersion', workshop.versionId),
    split: 'TEST',
  }
  const { data } = await server.ask<{ evaluateCheckpoint: { evaluation: { id: string } } }>(
    `mutation($input: EvaluateCheckpointInput!) {
      evaluateCheckpoint(input: $input) { ... on EvaluateCheckpointSuccess { evaluation { id } } } }`,
    { input },
  )
  expect(data?.evaluateCheckpoint.evaluation.id).toBeDefined()
  await expect
    .poll(() => prisma.evaluation.count({ where: { state: 'SUCCEEDED' } }), { timeout: 30_000 })
    .toBe((await prisma.trainingRun.count()) + 1)
  const { id: evaluationId } = await prisma.evaluation.findFirstOrThrow({ orderBy: { createdAt: 'desc' } })
  const [expected, actual] = [await outcomesOf(run), await outcomesOf({ evaluationId })]
  expect(actual).toHaveLength(expected.length)
  for (const [i, { loss }] of actual.entries()) expect(loss).toBeCloseTo(expected[i]?.loss ?? NaN, 5)
})

it('goes with the checkpoint into a run that starts from it, while a new run takes the setting', async () => {
  const fp32 = await succeeded(await workshop.startRun(INPUT))
  expect(fp32.trunkPrecision).toBe('fp32')
  const [exact = NaN] = await validationLosses(fp32)
  const [rounded = NaN] = await validationLosses(run)
  expect(Math.abs(exact - rounded)).toBeGreaterThan(1e-6)

  const { data } = await server.ask<{ startTrainingRun: { trainingRun: { id: string } } }>(
    `mutation($input: StartTrainingRunInput!) {
      startTrainingRun(input: $input) { ... on StartTrainingRunSuccess { trainingRun { id } } } }`,
    {
      input: {
        datasetVersionId: globalId('DatasetVersion', workshop.versionId),
        fromCheckpointId: globalId('Checkpoint', await checkpointOf(run)),
        hyperparameters: { epochs: 1, imageSize: 32, batchSize: 8 },
      },
    },
  )
  expect(data?.startTrainingRun.trainingRun.id).toBeDefined()
  const started = await workshop.database.prisma.trainingRun.findFirstOrThrow({
    where: { NOT: { fromCheckpointId: null } },
  })
  expect((await succeeded(started.id)).trunkPrecision).toBe(run.trunkPrecision)
})

it('measures a calibration that is lost again, for the next run', async () => {
  const calibration = calibrationOf(readPrecision(run.trunkPrecision) ?? 'fp32') ?? ''
  await workshop.storage.delete(calibration)
  const { id } = await workshop.database.prisma.trainingRun.create({
    data: {
      ...{ name: 'again', datasetVersionId: workshop.versionId, hyperparameters: run.hyperparameters as object },
      ...{ trunkSha256: run.trunkSha256, trunkPrecision: run.trunkPrecision },
    },
  })
  await succeeded(id)
  expect((await workshop.storage.read(calibration)).length).toBeGreaterThan(0)
})

it('is refused where its calibration is lost, and nothing takes its place', async () => {
  const calibration = calibrationOf(readPrecision(run.trunkPrecision) ?? 'fp32') ?? ''
  const bytes = await workshop.storage.read(calibration)
  await workshop.storage.delete(calibration)
  const fresh = await createTestServer({ DATABASE_URL: workshop.database.url, GRAFT_DATA_DIR: workshop.dataDir })
  await server.close()
  server = fresh
  const [outcome] = await outcomesOf(run)
  const answer = await classify(outcome?.imageId ?? '', await checkpointOf(run))
  expect(answer).toMatchObject({
    __typename: 'TrunkUnavailable',
    reason: expect.stringContaining(calibration) as string,
  })
  await workshop.storage.put(bytes)
  expect(await classify(outcome?.imageId ?? '', await checkpointOf(run))).toMatchObject({
    __typename: 'ClassifySuccess',
  })
})
