/** Which shards of features are kept, and which of them go when there are too many. */
import type { PrismaClient } from '../database/generated/client.js'
import type { StoredShard } from '../features/collect-features.js'

export interface ShardOwner {
  readonly featureKey: string
  readonly trunkSha256: string
}

export class FeatureShardRepository {
  constructor(private readonly prisma: PrismaClient) {}

  async list(featureKey: string): Promise<string[]> {
    const rows = await this.prisma.featureShard.findMany({
      where: { featureKey },
      orderBy: [{ createdAt: 'asc' }, { sha256: 'asc' }],
      select: { sha256: true },
    })
    return rows.map((row) => row.sha256)
  }

  async add({ featureKey, trunkSha256 }: ShardOwner, { sha256, byteSize, imageCount }: StoredShard): Promise<void> {
    const data = { featureKey, trunkSha256, sha256, byteSize, imageCount }
    await this.prisma.featureShard.createMany({ data: [data], skipDuplicates: true })
  }

  async touch(sha256s: readonly string[]): Promise<void> {
    await this.prisma.$executeRaw`UPDATE feature_shard SET used_at = now() WHERE sha256 = ANY (${[...sha256s]}::text[])`
  }

  async forget(sha256s: readonly string[]): Promise<void> {
    await this.prisma.featureShard.deleteMany({ where: { sha256: { in: [...sha256s] } } })
  }

  /**
   * Forgets the shards least recently used, but none of `inUse`, until all fit in the budget.
   * @returns the forgotten shards, whose blobs may go
   */
  async forgetBeyond(budgetBytes: number, inUse: readonly string[]): Promise<string[]> {
    const rows = await this.prisma.$queryRaw<{ sha256: string }[]>`
      DELETE FROM feature_shard WHERE sha256 <> ALL (${[...inUse]}::text[]) AND sha256 IN (
        SELECT sha256 FROM (
          SELECT sha256, sum(byte_size) OVER (
            ORDER BY sha256 = ANY (${[...inUse]}::text[]) DESC, used_at DESC, sha256) AS kept_bytes
          FROM feature_shard) ranked
        WHERE kept_bytes > ${budgetBytes}::bigint)
      RETURNING sha256`
    return rows.map((row) => row.sha256)
  }
}
