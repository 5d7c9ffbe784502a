/** Fills a table from shards that are kept already. */
import type { BlobStore } from '../storage/blob-store.js'
import { BlobCorruptError, BlobMissingError } from '../storage/storage.errors.js'
import { readShard, readShardPictures, SHARD_HEADER_BYTES } from './feature-shard.js'
import type { FeatureTable } from './feature-table.js'

export interface KeptShards {
  readonly key: string
  /** sha256 of the shards that are kept for the key. */
  readonly shards: readonly string[]
}

export interface KeptFeatures {
  /** Shards that gave features. */
  readonly used: string[]
  /** Shards that are gone or damaged: their pictures are still missing. */
  readonly lost: string[]
}

/** Reads only the shards in which a wanted picture is. */
export async function readKeptFeatures(
  storage: BlobStore,
  { key, shards }: KeptShards,
  table: FeatureTable,
): Promise<KeptFeatures> {
  const kept: KeptFeatures = { used: [], lost: [] }
  for (const sha256 of shards) {
    if (table.filled === table.count) break
    try {
      const pictures = readShardPictures(key, await readHeader(storage, sha256))
      if (pictures?.some((picture) => table.wants(picture)) === false) continue
      const shard = readShard(key, await storage.read(sha256))
      if (shard === null) throw new BlobCorruptError(sha256)
      shard.pictures.forEach((picture, row) => {
        table.fill(picture, shard.features.subarray(row * table.width, (row + 1) * table.width))
      })
      kept.used.push(sha256)
    } catch (error) {
      if (!(error instanceof BlobMissingError || error instanceof BlobCorruptError)) throw error
      // A damaged blob would be taken for stored when the same features are put again.
      await storage.delete(sha256)
      kept.lost.push(sha256)
    }
  }
  return kept
}

async function readHeader(storage: BlobStore, sha256: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of storage.stream(sha256, { start: 0, end: SHARD_HEADER_BYTES - 1 }))
    chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
