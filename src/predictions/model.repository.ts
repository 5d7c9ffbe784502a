import type { PrismaClient } from '../database/generated/client.js'
import { readHyperparameters } from '../domain/hyperparameters.js'

/** A checkpoint as far as classifying goes. */
export interface ModelFacts {
  readonly checkpointId: string
  readonly checkpointSha256: string
  readonly trunkSha256: string
  /** Whether a part of the trunk was trained with the head. */
  readonly hasTrainedTrunk: boolean
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
      SELECT id FROM image WHERE sha256 = ${sha256} ORDER BY dataset_id <> ${datasetId}::uuid, created_at, id LIMIT 1`
    return image?.id ?? null
  }

  async #find(where: { id: string } | { aliases: { some: { name: string } } }): Promise<ModelFacts | null> {
    const checkpoint = await this.prisma.checkpoint.findFirst({
      where,
      select: {
        id: true,
        sha256: true,
        trainedTrunkSha256: true,
        trainingRun: {
          select: {
            trunkSha256: true,
            hyperparameters: true,
            datasetVersion: { select: { classNames: true, datasetId: true } },
          },
        },
      },
    })
    if (checkpoint === null) return null
    const { trunkSha256, hyperparameters, datasetVersion } = checkpoint.trainingRun
    if (trunkSha256 === null) throw new Error(`The run of the checkpoint ${checkpoint.id} pinned no trunk`)
    return {
      checkpointId: checkpoint.id,
      checkpointSha256: checkpoint.sha256,
      trunkSha256,
      hasTrainedTrunk: checkpoint.trainedTrunkSha256 !== null,
      imageSize: readHyperparameters(hyperparameters).imageSize,
      ...datasetVersion,
    }
  }
}
