/** Where features of what was learnt from are kept. */
import type { PrismaClient } from '../database/generated/client.js'
import { featureKey } from '../features/feature-key.js'
import { pooledRecipe } from '../features/feature-recipe.js'
import type { KeptShards } from '../features/kept-features.js'
import type { ModelFacts } from './model.repository.js'

export class KeptFeatureRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Of pooled features under the model's trunk as it was before any of it was trained; null where none are kept. */
  async shardsOf(model: ModelFacts): Promise<KeptShards | null> {
    for (const key of [featureKey(pooledRecipe(model)), await this.#engineKey(model)]) {
      const shards = key === null ? [] : await this.#shards(key)
      if (key !== null && shards.length > 0) return { key, shards }
    }
    return null
  }

  /** The key of the dataset's newest features of that trunk where another engine than ONNX Runtime computed them. */
  async #engineKey({ datasetId, trunkSha256, trunkPrecision, imageSize }: ModelFacts): Promise<string | null> {
    const health = await this.prisma.datasetHealth.findFirst({
      where: { datasetId, trunkSha256, trunkPrecision, imageSize },
      select: { featureKey: true },
    })
    return health?.featureKey ?? null
  }

  async #shards(featureKey: string): Promise<string[]> {
    const rows = await this.prisma.featureShard.findMany({
      where: { featureKey },
      orderBy: { sequence: 'asc' },
      select: { sha256: true },
    })
    return rows.map((row) => row.sha256)
  }
}
