/** Finds the rows that shards have already. */
import { buffer } from 'node:stream/consumers'
import type { BlobStore } from '../storage/blob-store.js'
import { BlobCorruptError, BlobLostError } from '../storage/storage.errors.js'
import { readShard, readShardPictures, SHARD_HEADER_BYTES } from './feature-shard.js'
import type { FeatureRows } from './feature-rows.js'

const HEADER = { start: 0, end: SHARD_HEADER_BYTES - 1 }

export interface KeptShards {
  readonly key: string
  /** sha256 of the shards that are kept for the key. */
  readonly shards: readonly string[]
}

export interface KeptFeatures {
  /** Shards that gave features. */
  readonly used: string[]
  /** Of the used ones. */
  usedBytes: number
  /** Shards that are gone or damaged: their pictures are still missing. */
  readonly lost: string[]
}

/** Looks only into the shards in which a wanted picture is. */
export async function readKeptFeatures(
  storage: BlobStore,
  { key, shards }: KeptShards,
  rows: FeatureRows,
): Promise<KeptFeatures> {
  const kept: KeptFeatures = { used: [], usedBytes: 0, lost: [] }
  for (const sha256 of shards) {
    if (rows.kept === rows.count) break
    try {
      const wanted = readShardPictures(key, await buffer(storage.stream(sha256, HEADER)))
      if (wanted?.some((picture) => rows.wants(picture)) === false) continue
      // Read whole once, which proves it; single rows are read later.
      const bytes = await storage.read(sha256)
      const shard = readShard(key, bytes, rows.width)
      if (shard === null) throw new BlobCorruptError(sha256)
      const { pictures, features } = shard
      pictures.forEach((picture, row) => {
        const values = features.subarray(row * rows.width, (row + 1) * rows.width)
        rows.keep(picture, values, { sha256, row, count: pictures.length })
      })
      kept.used.push(sha256)
      kept.usedBytes += bytes.length
    } catch (error) {
      if (!(error instanceof BlobLostError)) throw error
      // A damaged blob would be taken for stored when the same features are put again.
      await storage.delete(sha256)
      kept.lost.push(sha256)
    }
  }
  return kept
}
