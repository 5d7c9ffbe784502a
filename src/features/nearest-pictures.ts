/** Which of the pictures whose features are kept are most like one: every one is looked at, a shard in memory at a time. */
import { buffer } from 'node:stream/consumers'
import { widenHalves } from '../network/half.js'
import type { BlobStore } from '../storage/blob-store.js'
import { BlobCorruptError, BlobMissingError } from '../storage/storage.errors.js'
import { readShard, readShardPictures, SHARD_HEADER_BYTES, type Shard } from './feature-shard.js'
import type { KeptShards } from './kept-features.js'

export interface NearPicture {
  readonly sha256: string
  /** The cosine of its features with the wanted ones. */
  readonly similarity: number
}

export interface Nearest {
  /** The most similar first. */
  readonly pictures: readonly NearPicture[]
  /** How many were looked at. */
  readonly compared: number
}

export interface NearestSearch extends KeptShards {
  readonly features: Float32Array
  readonly count: number
  /** Those of a shard's pictures that are to be compared. */
  readonly choose: (pictures: readonly string[]) => Promise<ReadonlySet<string>>
}

/** Shards that are gone or damaged are passed over: whoever writes features mends them. */
export async function findNearest(storage: BlobStore, search: NearestSearch): Promise<Nearest> {
  const compared = new Set<string>()
  let nearest: NearPicture[] = []
  const row = new Float32Array(search.features.length)
  for (const sha256 of search.shards) {
    const read = await readChosen(storage, sha256, search)
    if (read === null) continue
    const found = [...read.shard.pictures.entries()].flatMap(([i, picture]) => {
      if (!read.chosen.has(picture) || compared.has(picture)) return []
      compared.add(picture)
      widenHalves(read.shard.features.subarray(i * row.length, (i + 1) * row.length), row, 0)
      return [{ sha256: picture, similarity: cosine(row, search.features) }]
    })
    nearest = [...nearest, ...found].sort((a, b) => b.similarity - a.similarity).slice(0, search.count)
  }
  return { pictures: nearest, compared: compared.size }
}

/** Null where none of its pictures is to be compared, or it cannot be read. */
async function readChosen(
  storage: BlobStore,
  sha256: string,
  { key, features, choose }: NearestSearch,
): Promise<{ shard: Shard; chosen: ReadonlySet<string> } | null> {
  try {
    const header = { start: 0, end: SHARD_HEADER_BYTES - 1 }
    const chosen = await choose(readShardPictures(key, await buffer(storage.stream(sha256, header))) ?? [])
    if (chosen.size === 0) return null
    const shard = readShard(key, await storage.read(sha256), features.length)
    return shard && { shard, chosen }
  } catch (error) {
    if (error instanceof BlobMissingError || error instanceof BlobCorruptError) return null
    throw error
  }
}

/** 0 where either is 0 everywhere. */
function cosine(a: Float32Array, b: Float32Array): number {
  let [product, squaresA, squaresB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number]
    product += x * y
    squaresA += x * x
    squaresB += y * y
  }
  return product === 0 ? 0 : product / Math.sqrt(squaresA * squaresB)
}
