/** Checkpoints that can be served, as the trainer stores them, with heads that nobody trained. */
import type { PrismaClient } from '../../src/database/generated/client.js'
import { parseHyperparameters } from '../../src/domain/hyperparameters.js'
import { globalId } from '../../src/graphql/ids.js'
import { drawHead } from '../../src/network/head.js'
import type { StateDict } from '../../src/network/weights.js'
import type { BlobStore } from '../../src/storage/blob-store.js'
import { writeCheckpoint } from '../../src/training/checkpoint-file.js'
import { seedCheckpoint, seedRun, type SeededVersion } from '../runs/rows.js'

interface Rooms {
  readonly prisma: PrismaClient
  readonly storage: BlobStore
  readonly version: SeededVersion
}

export interface ModelOptions {
  readonly trunkSha256: string
  readonly seed?: number
  readonly imageSize?: number
  readonly temperature?: number
  /** What takes the place of the trunk's own. */
  readonly trained?: StateDict
}

/** @returns the checkpoint's global id */
export async function seedServedModel({ prisma, storage, version }: Rooms, options: ModelOptions): Promise<string> {
  const { trunkSha256, seed = 1, imageSize = 32 } = options
  const parsed = parseHyperparameters({ imageSize, hiddenUnits: [] })
  if ('issues' in parsed) throw new Error('The hyperparameters are wrong')
  const run = await seedRun(prisma, version, {
    ...{ status: 'SUCCEEDED', trainerId: null, trunkSha256, hyperparameters: { ...parsed.value } },
  })
  const head = drawHead({ hiddenUnits: [], dropout: [], classCount: 2 }, seed)
  const about = { runId: run.id, epoch: 1, classNames: ['cat', 'dog'], trunkSha256, preprocessingVersion: 1 }
  const { temperature = null, trained: trunk = new Map() } = options
  const blob = await storage.put(writeCheckpoint({ ...about, hyperparameters: parsed.value, head, trunk }))
  const { id } = await seedCheckpoint(prisma, run.id, 1, blob.sha256)
  const trainedTrunkSha256 = trunk.size > 0 ? blob.sha256 : null
  await prisma.checkpoint.update({ where: { id }, data: { temperature, trainedTrunkSha256 } })
  return globalId('Checkpoint', id)
}
