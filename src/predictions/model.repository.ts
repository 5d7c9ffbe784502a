import type { PrismaClient } from '../database/generated/client.js'
import { pinnedTrunk, type PinnedTrunk } from '../runs/pinned-trunk.js'
import { readHyperparameters } from '../domain/hyperparameters.js'

/** A checkpoint as far as classifying goes. */
export interface ModelFacts extends PinnedTrunk {
  readonly checkpointId: string
  readonly checkpointSha256: string
  /** Whether a part of the trunk was trained with the head. */
  readonly hasTrainedTrunk: boolean
  /** For calibrated probabilities; null where its checkpoint has none. */
  readonly temperature: number | null
  /** In the order of the network's outputs. */
  readonly classNames: readonly string[]
  readonly imageSize: number
  /** The dataset that it was trained on. */
  readonly datasetId: string
}

export class ModelRepository {
  constructor(private readonly prisma: PrismaClient) {}

  byCheckpoint(id: string): Promise<ModelFacts | null> {
    return this.#find({ id })
  }

  byAlias(name: string): Promise<ModelFacts | null> {
    return this.#find({ aliases: { some: { name } } })
  }

  /** The picture with those bytes in a dataset: in the one given if it is there, else in the one that had it first. */
  async imageWith(sha256: string, datasetId: string): Promise<string | null> {
    const [image] = await this.prisma.$queryRaw<{ id: string }[]>`
      SELECT id FROM image WHERE sha256 = ${sha256} AND removed_at IS NULL
      ORDER BY dataset_id <> ${datasetId}::uuid, created_at, id LIMIT 1`
    return image?.id ?? null
  }

  async #find(where: { id: string } | { aliases: { some: { name: string } } }): Promise<ModelFacts | null> {
    const checkpoint = await this.prisma.checkpoint.findFirst({
      where,
      select: {
        id: true,
        sha256: true,
        trainedTrunkSha256: true,
        temperature: true,
        trainingRun: {
          select: {
            trunkSha256: true,
            trunkPrecision: true,
            hyperparameters: true,
            datasetVersion: { select: { classNames: true, datasetId: true } },
          },
        },
      },
    })
    if (checkpoint === null) return null
    const { hyperparameters, datasetVersion } = checkpoint.trainingRun
    return {
      checkpointId: checkpoint.id,
      checkpointSha256: checkpoint.sha256,
      ...pinnedTrunk(checkpoint.trainingRun),
      temperature: checkpoint.temperature,
      hasTrainedTrunk: checkpoint.trainedTrunkSha256 !== null,
      imageSize: readHyperparameters(hyperparameters).imageSize,
      ...datasetVersion,
    }
  }
}
