/** Kept features as the supervisor sees them: rows for the shards that the compute child stores, within the budget. */
import type { Logger } from 'pino'
import type { StoredShard } from '../features/collect-features.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { FeatureShardRepository, ListedShard, ShardOwner } from './feature-shard.repository.js'

export interface FeatureBudget {
  /** In the order in which they were stored. */
  shardsOf(featureKey: string): Promise<ListedShard[]>
  add(owner: ShardOwner, shard: StoredShard): Promise<void>
  /** Lost ones are forgotten: their pictures are computed again. */
  noteUse(shards: { readonly used: readonly string[]; readonly lost: readonly string[] }): Promise<void>
  /** Drops what was not used for longest, but none of those in use; a failure is logged and tried with the next run. */
  enforce(inUse: readonly string[], log: Logger): Promise<void>
}

export function createFeatureBudget(
  shards: FeatureShardRepository,
  { storage, budgetBytes }: { storage: BlobStore; budgetBytes: number },
): FeatureBudget {
  return {
    shardsOf: (featureKey) => shards.list(featureKey),
    add: (owner, shard) => shards.add(owner, shard),
    noteUse: async ({ used, lost }) => {
      await shards.touch(used)
      await shards.forget(lost)
    },
    enforce: async (inUse, log) => {
      try {
        for (const sha256 of await shards.forgetBeyond(budgetBytes, inUse)) await storage.delete(sha256)
      } catch (error) {
        log.warn({ err: error }, 'Kept features could not be brought within the budget.')
      }
    },
  }
}
