/** Which shards of features are kept, and which of them go when there are too many. */
import type { Transaction } from '../database/database.js'
import type { PrismaClient } from '../database/generated/client.js'
import type { StoredShard } from '../features/collect-features.js'

export interface ShardOwner {
  readonly featureKey: string
  readonly trunkSha256: string
  /** Who stored it. */
  readonly trainerId: string
}

export interface ListedShard {
  readonly sha256: string
  /** Rises with every shard of a key. */
  readonly sequence: bigint
}

export class FeatureShardRepository {
  constructor(private readonly prisma: PrismaClient) {}

  list(featureKey: string): Promise<ListedShard[]> {
    return shardsBeyond(this.prisma, featureKey, 0n)
  }

  async add(owner: ShardOwner, shard: StoredShard): Promise<void> {
    await this.prisma.$transaction(async (tx) => {
      await lockKey(tx, owner.featureKey)
      await insertShard(tx, owner, shard)
    })
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

/** Whoever stores a shard of a key, or looks which there are before it offers work, takes its turn until it commits. */
export async function lockKey(tx: Transaction, featureKey: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${featureKey}, 0))`
}

export function shardsBeyond(tx: Transaction, featureKey: string, sequence: bigint): Promise<ListedShard[]> {
  return tx.featureShard.findMany({
    where: { featureKey, sequence: { gt: sequence } },
    orderBy: { sequence: 'asc' },
    select: { sha256: true, sequence: true },
  })
}

export async function insertShard(
  tx: Transaction,
  owner: ShardOwner,
  { sha256, byteSize, imageCount }: StoredShard,
): Promise<void> {
  await tx.featureShard.createMany({ data: [{ ...owner, sha256, byteSize, imageCount }], skipDuplicates: true })
}
