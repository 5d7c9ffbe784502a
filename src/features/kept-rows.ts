/** Reads the features of chosen pictures out of the shards that are kept, a shard in memory at a time. */
import { buffer } from 'node:stream/consumers'
import { fromHalf } from '../network/half.js'
import type { BlobStore } from '../storage/blob-store.js'
import { BlobLostError } from '../storage/storage.errors.js'
import { readShard, readShardPictures, SHARD_HEADER_BYTES } from './feature-shard.js'
import type { KeptShards } from './kept-features.js'

export interface KeptRow {
  readonly sha256: string
  /** [width] */
  readonly features: Float32Array
}

export interface RowSearch extends KeptShards {
  /** Values for each picture. */
  readonly width: number
  /** Those of a shard's pictures that are wanted. */
  readonly choose: (pictures: readonly string[]) => Promise<ReadonlySet<string>>
}

/**
 * The rows of one shard after the other, each picture once. Shards that are gone or damaged are passed over: whoever writes
 * features mends them.
 */
export async function* keptRows(storage: BlobStore, search: RowSearch): AsyncGenerator<KeptRow[], void, undefined> {
  const seen = new Set<string>()
  for (const sha256 of search.shards) {
    const rows = (await readChosen(storage, sha256, search)).filter((row) => !seen.has(row.sha256))
    for (const row of rows) seen.add(row.sha256)
    yield rows
  }
}

async function readChosen(
  storage: BlobStore,
  sha256: string,
  { key, width, choose }: RowSearch,
): Promise<readonly KeptRow[]> {
  try {
    const header = { start: 0, end: SHARD_HEADER_BYTES - 1 }
    const chosen = await choose(readShardPictures(key, await buffer(storage.stream(sha256, header))) ?? [])
    const shard = chosen.size === 0 ? null : readShard(key, await storage.read(sha256), width)
    return (shard?.pictures ?? []).flatMap((picture, i) => {
      if (shard === null || !chosen.has(picture)) return []
      return [{ sha256: picture, features: fromHalf(shard.features.subarray(i * width, (i + 1) * width)) }]
    })
  } catch (error) {
    if (error instanceof BlobLostError) return []
    throw error
  }
}
