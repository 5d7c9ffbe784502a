/** Blobs that storage lost, or gives other bytes for: made again where they can be, and a failure with a way out where not. */
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Checkpoint, Prisma, TrainingRun } from '../../src/database/generated/client.js'
import { notify } from '../../src/events/events.js'
import { globalId } from '../../src/graphql/ids.js'
import { RunControlRepository } from '../../src/runs/run-control.repository.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { openWorkshop, type Workshop } from '../trainer/fixture.js'

const INPUT = { epochs: 3, learningRate: 0.001 }
const UNTIL_MS = 300_000

let workshop: Workshop
let finished: TrainingRun

beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 16, VALIDATION: 4, TEST: 4 })
  await workshop.startTrainer()
  finished = await succeeded(await workshop.startRun(INPUT))
}, UNTIL_MS)
afterAll(() => workshop.close())

const succeeded = (id: string): Promise<TrainingRun> =>
  workshop.until(id, ({ status }) => status === 'SUCCEEDED', UNTIL_MS)

async function damage(sha256: string): Promise<void> {
  await writeFile(workshop.storage.path(sha256), 'other bytes')
}

async function bestCheckpoint(): Promise<Checkpoint> {
  return workshop.database.prisma.checkpoint.findFirstOrThrow({
    where: { trainingRunId: finished.id },
    orderBy: { epoch: 'desc' },
  })
}

async function lossesOf({ id }: { id: string }): Promise<number[]> {
  const where = { trainingRunId: id }
  const epochs = await workshop.database.prisma.epoch.findMany({ where, orderBy: { number: 'asc' } })
  return epochs.flatMap(({ trainLoss, validationLoss }) => [trainLoss, validationLoss])
}

it('writes a manifest again that is lost or damaged: the rows say the same', async () => {
  const { database, storage } = workshop
  const { digest } = await database.prisma.datasetVersion.findFirstOrThrow()
  const bytes = await storage.read(digest)
  for (const lose of [() => storage.delete(digest), () => damage(digest)]) {
    await lose()
    await succeeded(await workshop.startRun({ epochs: 1 }))
    expect((await storage.read(digest)).equals(bytes)).toBe(true)
  }
})

it('computes features again that are lost or damaged', async () => {
  const { database, storage } = workshop
  for (const lose of [(sha256: string) => storage.delete(sha256), damage]) {
    const before = await database.prisma.featureShard.findMany()
    expect(before.length).toBeGreaterThan(0)
    for (const { sha256 } of before) await lose(sha256)
    const { id } = await succeeded(await workshop.startRun(INPUT))
    expect(await lossesOf({ id })).toEqual(await lossesOf(finished))
    // They may be shared out otherwise.
    const after = await database.prisma.featureShard.findMany()
    expect(after.reduce((count, { imageCount }) => count + imageCount, 0)).toBeGreaterThanOrEqual(24)
    for (const { sha256 } of after) await storage.read(sha256)
  }
})

it('begins again where the state after the last epoch is damaged, stores no epoch twice, and ends the same', async () => {
  const { prisma } = workshop.database
  const long = { ...INPUT, epochs: 30 }
  const whole = await succeeded(await workshop.startRun(long))
  const id = await workshop.startRun(long)
  await workshop.until(id, ({ latestEpochNumber }) => (latestEpochNumber ?? 0) >= 2, UNTIL_MS)
  await prisma.$transaction(async (tx) => {
    await tx.trainingRun.update({ where: { id }, data: { cancelRequestedAt: new Date() } })
    await notify(tx, { topic: 'cancel', id })
  })
  const cancelled = await workshop.until(id, ({ status }) => status === 'CANCELLED', UNTIL_MS)
  await damage(cancelled.resumeSha256 ?? '')
  await new RunControlRepository(prisma).resume(id)
  await succeeded(id)
  expect(await lossesOf({ id })).toEqual(await lossesOf(whole))
}, 600_000)

it('says so where the checkpoint that a run starts from is lost', async () => {
  const { prisma } = workshop.database
  const { id: fromCheckpointId, sha256 } = await bestCheckpoint()
  const bytes = await workshop.storage.read(sha256)
  for (const lose of [() => workshop.storage.delete(sha256), () => damage(sha256)]) {
    await lose()
    const { datasetVersionId, hyperparameters, trunkSha256 } = finished
    const copied = { name: 'next', datasetVersionId, fromCheckpointId, trunkSha256 }
    const { id } = await prisma.trainingRun.create({
      data: { ...copied, hyperparameters: hyperparameters as Prisma.InputJsonObject },
    })
    const { failure } = await workshop.until(id, ({ status }) => status === 'FAILED', UNTIL_MS)
    expect(failure).toMatchObject({ code: 'WEIGHTS_UNAVAILABLE' })
    expect(JSON.stringify(failure)).toMatch(
      new RegExp(`A checkpoint is lost: .*${sha256}.*Restore the checkpoint's file`),
    )
  }
  await workshop.storage.put(bytes)
})

it('serves and exports no checkpoint that is lost, and makes an export again that is damaged', async () => {
  const server = await createTestServer({ DATABASE_URL: workshop.database.url, GRAFT_DATA_DIR: workshop.dataDir })
  try {
    const { id, sha256 } = await bestCheckpoint()
    const bytes = await workshop.storage.read(sha256)
    const checkpointId = globalId('Checkpoint', id)
    for (const lose of [() => workshop.storage.delete(sha256), () => damage(sha256)]) {
      await lose()
      const refused = { __typename: 'TrunkUnavailable', reason: expect.stringContaining(sha256) as string }
      expect(await classify(server, checkpointId)).toMatchObject(refused)
      expect(await exported(server, checkpointId)).toMatchObject(refused)
    }
    await workshop.storage.put(bytes)
    expect(await classify(server, checkpointId)).toMatchObject({ __typename: 'ClassifySuccess' })
    const { export: file } = await exported(server, checkpointId)
    await damage(file?.sha256 ?? '')
    const { export: again } = await exported(server, checkpointId)
    expect(again?.sha256).toBe(file?.sha256)
    await workshop.storage.read(file?.sha256 ?? '')
  } finally {
    await server.close()
  }
})

async function classify(server: TestServer, checkpointId: string): Promise<unknown> {
  const imageId = globalId('Image', (await workshop.database.prisma.image.findFirstOrThrow()).id)
  const { data, errors } = await server.ask<{ classify: unknown }>(
    `mutation($input: ClassifyInput!) { classify(input: $input) { __typename ... on TrunkUnavailable { reason } } }`,
    { input: { image: { imageId }, model: { checkpointId } } },
  )
  if (!data) throw new Error(JSON.stringify(errors))
  return data.classify
}

async function exported(server: TestServer, checkpointId: string) {
  const { data, errors } = await server.ask<{ exportCheckpoint: { export?: { sha256: string } } }>(
    `mutation($input: ExportCheckpointInput!) { exportCheckpoint(input: $input) {
      __typename ... on ExportCheckpointSuccess { export { sha256 } } ... on TrunkUnavailable { reason }
    } }`,
    { input: { checkpointId, format: 'SAFETENSORS' } },
  )
  if (!data) throw new Error(JSON.stringify(errors))
  return data.exportCheckpoint
}
