import { Prisma, type PrismaClient } from '../database/generated/client.js'
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
  readonly versionId: string
}

interface ModelRow extends Omit<ModelFacts, keyof PinnedTrunk | 'imageSize'> {
  readonly trunkSha256: string | null
  readonly trunkPrecision: string | null
  readonly hyperparameters: unknown
}

export class ModelRepository {
  constructor(private readonly prisma: PrismaClient) {}

  byCheckpoint(id: string): Promise<ModelFacts | null> {
    return this.#find(Prisma.sql`${id}::uuid`)
  }

  byAlias(name: string): Promise<ModelFacts | null> {
    return this.#find(Prisma.sql`(SELECT checkpoint_id FROM alias WHERE name = ${name})`)
  }

  /** What aliases point to. */
  async aliased(): Promise<ModelFacts[]> {
    const aliases = await this.prisma.alias.findMany({ distinct: ['checkpointId'], orderBy: { assignedAt: 'asc' } })
    const models = await Promise.all(aliases.map(({ checkpointId }) => this.byCheckpoint(checkpointId)))
    return models.filter((model) => model !== null)
  }

  /** The picture with those bytes in a dataset: in the one given if it is there, else in the one that had it first. */
  async imageWith(sha256: string, datasetId: string): Promise<string | null> {
    const [image] = await this.prisma.$queryRaw<{ id: string }[]>`
      SELECT id FROM image WHERE sha256 = ${sha256} AND removed_at IS NULL
      ORDER BY dataset_id <> ${datasetId}::uuid, created_at, id LIMIT 1`
    return image?.id ?? null
  }

  /** In one query: everybody who classifies waits for it. */
  async #find(checkpointId: Prisma.Sql): Promise<ModelFacts | null> {
    const [row] = await this.prisma.$queryRaw<ModelRow[]>`
      SELECT c.id AS "checkpointId", c.sha256 AS "checkpointSha256", c.temperature,
        c.trained_trunk_sha256 IS NOT NULL AS "hasTrainedTrunk", r.trunk_sha256 AS "trunkSha256",
        r.trunk_precision AS "trunkPrecision", r.hyperparameters, v.class_names AS "classNames",
        v.dataset_id AS "datasetId", v.id AS "versionId"
      FROM checkpoint AS c JOIN training_run AS r ON r.id = c.training_run_id
      JOIN dataset_version AS v ON v.id = r.dataset_version_id WHERE c.id = ${checkpointId}`
    if (row === undefined) return null
    const { hyperparameters, ...facts } = row
    return { ...facts, ...pinnedTrunk(row), imageSize: readHyperparameters(hyperparameters).imageSize }
  }
}
