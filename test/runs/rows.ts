/** Rows as a trainer would leave them, where a test needs no trainer. */
import { createHash } from 'node:crypto'
import type { Prisma, PrismaClient, TrainingRun } from '../../src/database/generated/client.js'
import { parseHyperparameters } from '../../src/domain/hyperparameters.js'
import type { SplitName, TrainingRunStatus } from '../../src/domain/status.js'
import { notify } from '../../src/events/events.js'
import { globalId } from '../../src/graphql/ids.js'

export interface SeededVersion {
  readonly datasetId: string
  readonly versionId: string
  readonly imageIds: readonly string[]
}

const SPLITS: readonly SplitName[] = ['TRAIN', 'VALIDATION', 'TEST']

/** A version of cats and dogs with one picture of each class in each split. Its bytes are in no storage. */
export async function seedVersion(prisma: PrismaClient, name: string): Promise<SeededVersion> {
  const dataset = await prisma.dataset.create({ data: { name } })
  const pictures = ['cat', 'dog'].flatMap((label, classIndex) =>
    SPLITS.map((split) => ({ label, classIndex, split, sha256: digestOf(`${name} ${label} ${split}`) })),
  )
  const images = await prisma.image.createManyAndReturn({
    data: pictures.map(({ label, sha256 }) => ({
      datasetId: dataset.id,
      label,
      sha256,
      fileName: `${label}/${sha256}.png`,
      ...{ format: 'png', width: 8, height: 8, byteSize: 100 },
    })),
  })
  const counts = { TRAIN: [1, 1], VALIDATION: [1, 1], TEST: [1, 1] }
  const version = await prisma.datasetVersion.create({
    data: { datasetId: dataset.id, number: 1, digest: digestOf(name), classNames: ['cat', 'dog'], counts, seed: 0 },
  })
  await prisma.datasetVersionImage.createMany({
    data: pictures.map(({ classIndex, split }, position) => {
      const imageId = images[position]?.id ?? ''
      return { versionId: version.id, position, imageId, classIndex, split }
    }),
  })
  return { datasetId: dataset.id, versionId: version.id, imageIds: images.map((image) => image.id) }
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export async function seedTrunk(prisma: PrismaClient, sha256 = digestOf('trunk')): Promise<string> {
  await prisma.trunk.createMany({ data: [{ sha256, name: 'random', pretrained: false }], skipDuplicates: true })
  return sha256
}

/** RUNNING, unless said otherwise. */
export async function seedRun(
  prisma: PrismaClient,
  { versionId }: Pick<SeededVersion, 'versionId'>,
  {
    hyperparameters = {},
    ...data
  }: Partial<Prisma.TrainingRunUncheckedCreateInput> & { hyperparameters?: object } = {},
): Promise<TrainingRun> {
  const parsed = parseHyperparameters(hyperparameters)
  if ('issues' in parsed) throw new Error(JSON.stringify(parsed.issues))
  return prisma.trainingRun.create({
    data: {
      name: 'a run',
      status: 'RUNNING',
      trainerId: '00000000-0000-7000-8000-000000000001',
      datasetVersionId: versionId,
      trunkPrecision: 'fp32',
      ...data,
      hyperparameters: { ...parsed.value },
    },
  })
}

/** With its checkpoint if it is the best, and its bell, as the fenced write does it. */
export async function storeEpoch(prisma: PrismaClient, runId: string, number: number, isBest = false): Promise<void> {
  const validation = { validationLoss: 1 / number, validationAccuracy: 0.5 }
  const perClass = ['cat', 'dog'].map((label) => ({ label, precision: 1, recall: 0.5, f1Score: 2 / 3, support: 1 }))
  await prisma.$transaction(async (tx) => {
    await tx.epoch.create({
      data: {
        trainingRunId: runId,
        number,
        ...validation,
        ...{ trainLoss: 1, trainAccuracy: 0.5, learningRate: 0.001, macroF1: 2 / 3, seconds: 1, imagesPerSecond: 9 },
        perClass,
      },
    })
    const best = { bestEpochNumber: number, bestValidationLoss: 1 / number, bestValidationAccuracy: 0.5 }
    await tx.trainingRun.update({
      where: { id: runId },
      data: { latestEpochNumber: number, ...(isBest ? best : {}) },
    })
    if (isBest) await seedCheckpoint(tx, runId, number)
    await notify(tx, { topic: 'run', id: runId })
  })
}

export function seedCheckpoint(
  prisma: Prisma.TransactionClient,
  trainingRunId: string,
  epoch: number,
  sha256?: string,
) {
  return prisma.checkpoint.create({
    data: {
      trainingRunId,
      epoch,
      ...{ validationLoss: 1 / epoch, validationAccuracy: 0.5, byteSize: 1000 },
      sha256: sha256 ?? digestOf(`${trainingRunId} ${String(epoch)}`),
    },
  })
}

export async function setStatus(prisma: PrismaClient, runId: string, status: TrainingRunStatus): Promise<void> {
  const ended = ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(status)
  await prisma.$transaction(async (tx) => {
    const { datasetVersion } = await tx.trainingRun.update({
      where: { id: runId },
      data: { status, ...(ended ? { trainerId: null, finishedAt: new Date() } : {}) },
      include: { datasetVersion: true },
    })
    await notify(tx, { topic: 'run', id: runId })
    await notify(tx, { topic: 'runs', id: datasetVersion.datasetId })
  })
}

export const runIdOf = (run: { id: string }): string => globalId('TrainingRun', run.id)
