/** Checkpoints of one trunk as a trainer would have left them, with heads that nobody trained. */
import { join } from 'node:path'
import type { PrismaClient } from '../../src/database/generated/client.js'
import { parseHyperparameters, type Hyperparameters } from '../../src/domain/hyperparameters.js'
import { int8Precision, type TrunkPrecision } from '../../src/domain/precision.js'
import { globalId } from '../../src/graphql/ids.js'
import { PREPROCESSING_VERSION } from '../../src/images/image.tensor.js'
import { measureRanges } from '../../src/inference/calibrate.js'
import { writeCalibration } from '../../src/network/calibration.js'
import { drawHead } from '../../src/network/head.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { canonicalTrunk } from '../../src/network/trunk.canonical.js'
import type { StateDict } from '../../src/network/weights.js'
import type { BlobStore } from '../../src/storage/blob-store.js'
import { createFileStore } from '../../src/storage/file-store.js'
import { writeCheckpoint } from '../../src/training/checkpoint-file.js'

export interface SeededModels {
  /** The first one's; `bench` is its alias, so that a server makes it ready when it starts. */
  readonly network: StateDict
  /** Global ids of checkpoints on the trunk in single precision. */
  readonly checkpointIds: readonly string[]
  /** Of one on the same trunk in int8. */
  readonly int8Id: string
  /** Of each head. */
  readonly headBytes: number
}

export const ALIAS = 'bench'
const CLASS_NAMES = ['dark', 'light']

interface Studio {
  readonly prisma: PrismaClient
  readonly storage: BlobStore
  readonly versionId: string
  readonly hyperparameters: Hyperparameters
  readonly trunkSha256: string
}

/**
 * @param count checkpoints in single precision
 * @param pixels [3, 224, 224], what int8 is calibrated with
 */
export async function seedModels(
  { prisma, dataDir }: { prisma: PrismaClient; dataDir: string },
  count: number,
  pixels: Float32Array,
): Promise<SeededModels> {
  const storage = await createFileStore(join(dataDir, 'blobs'))
  const trunk = randomTrunk()
  const { sha256: trunkSha256, bytes } = canonicalTrunk(trunk)
  await storage.put(bytes)
  await prisma.trunk.create({ data: { sha256: trunkSha256, name: 'random', pretrained: false } })
  const studio = { prisma, storage, trunkSha256, versionId: await seedVersion(prisma), hyperparameters: defaults() }
  const checkpointIds: string[] = []
  for (let seed = 0; seed < count; seed++) checkpointIds.push(await seedCheckpoint(studio, seed, 'fp32'))
  const { imageSize } = studio.hyperparameters
  const ranges = await measureRanges(trunk, batchesOf(pixels, imageSize))
  const calibration = await storage.put(writeCalibration({ trunkSha256, imageSize, ranges }))
  const int8Id = await seedCheckpoint(studio, 0, int8Precision(calibration.sha256))
  await prisma.alias.create({ data: { name: ALIAS, checkpointId: checkpointIds[0] ?? '' } })
  const head = headOf(0, studio.hyperparameters)
  const headBytes = [...head.values()].reduce((sum, { data }) => sum + data.byteLength, 0)
  const global = (id: string): string => globalId('Checkpoint', id)
  return {
    network: new Map([...trunk, ...head]),
    checkpointIds: checkpointIds.map(global),
    int8Id: global(int8Id),
    headBytes,
  }
}

async function seedVersion(prisma: PrismaClient): Promise<string> {
  const { id: datasetId } = await prisma.dataset.create({ data: { name: 'bench' } })
  const version = { number: 1, digest: '0'.repeat(64), seed: 0, counts: {}, classNames: CLASS_NAMES }
  return (await prisma.datasetVersion.create({ data: { ...version, datasetId } })).id
}

function defaults(): Hyperparameters {
  const parsed = parseHyperparameters({})
  if ('issues' in parsed) throw new Error('The defaults are refused')
  return parsed.value
}

function headOf(seed: number, { hiddenUnits, dropout }: Hyperparameters): StateDict {
  return drawHead({ hiddenUnits, dropout, classCount: CLASS_NAMES.length }, seed)
}

/** @returns its id */
async function seedCheckpoint(studio: Studio, seed: number, trunkPrecision: TrunkPrecision): Promise<string> {
  const { prisma, storage, versionId, hyperparameters, trunkSha256 } = studio
  const { id: trainingRunId } = await prisma.trainingRun.create({
    data: {
      ...{ name: `run ${String(seed)}`, status: 'SUCCEEDED', datasetVersionId: versionId, trunkSha256, trunkPrecision },
      hyperparameters: { ...hyperparameters },
    },
  })
  const about = { runId: trainingRunId, epoch: 1, classNames: CLASS_NAMES, hyperparameters, trunkSha256 }
  const parts = { preprocessingVersion: PREPROCESSING_VERSION, head: headOf(seed, hyperparameters), trunk: new Map() }
  const { sha256, byteSize } = await storage.put(writeCheckpoint({ ...about, ...parts }))
  const figures = { epoch: 1, validationLoss: 0.5, validationAccuracy: 0.8 }
  return (await prisma.checkpoint.create({ data: { trainingRunId, ...figures, sha256, byteSize } })).id
}

async function* batchesOf(images: Float32Array, imageSize: number) {
  yield Promise.resolve({ images, count: 1, imageSize })
}
