/** The features of a set of pictures: those that are kept, and the rest computed once and then kept too. */
import { FEATURE_COUNT } from '../network/resnet50.js'
import type { TrunkSession } from '../inference/sessions.js'
import { computeFeatures, type FeatureBatch, type FeatureComputation } from './compute-features.js'
import { SHARD_PICTURES, writeShard } from './feature-shard.js'
import { createFeatureTable, type FeatureTable } from './feature-table.js'
import { readKeptFeatures, type KeptShards } from './kept-features.js'

export interface StoredShard {
  readonly sha256: string
  readonly byteSize: number
  readonly imageCount: number
}

export interface FeatureProgress {
  readonly done: number
  readonly total: number
  /** Null while nothing was computed: reading kept features is no measure. */
  readonly imagesPerSecond: number | null
}

/** What a caller may want to write down while features are collected. */
export interface FeatureReport {
  progressed(progress: FeatureProgress): void
  shardStored(shard: StoredShard): void
  shardsRead(shards: { used: readonly string[]; lost: readonly string[] }): void
}

export interface FeatureCollection extends Omit<FeatureComputation, 'trunk'>, KeptShards {
  /** sha256 of the pictures, none twice. */
  readonly pictures: readonly string[]
  /** Asked for only if something is to be computed. */
  openTrunk(): Promise<TrunkSession>
  readonly report: FeatureReport
}

/**
 * @returns the features [pictures, 2048], in the pictures' order
 * @throws PictureUnavailableError, StorageError, and what `signal` was aborted with
 */
export async function collectFeatures(collection: FeatureCollection): Promise<FeatureTable> {
  const { storage, pictures, report } = collection
  const table = createFeatureTable(pictures, FEATURE_COUNT)
  report.progressed({ done: 0, total: table.count, imagesPerSecond: null })
  const { used, lost } = await readKeptFeatures(storage, collection, table)
  report.shardsRead({ used, lost })
  report.progressed({ done: table.filled, total: table.count, imagesPerSecond: null })
  if (table.filled < table.count) await computeMissing(table, collection)
  return table
}

async function computeMissing(table: FeatureTable, collection: FeatureCollection): Promise<void> {
  const { report, signal } = collection
  const missing = table.missing()
  const trunk = await collection.openTrunk()
  const startedAt = performance.now()
  const before = table.filled
  let pending: string[] = []
  const keep = async (atLeast: number): Promise<void> => {
    while (pending.length >= atLeast && pending.length > 0) {
      await storeShard(pending.splice(0, SHARD_PICTURES), table, collection)
    }
  }
  try {
    signal.throwIfAborted()
    for await (const batch of computeFeatures(missing, { ...collection, trunk })) {
      fillFrom(batch, table)
      pending = [...pending, ...batch.pictures]
      await keep(SHARD_PICTURES)
      const imagesPerSecond = ((table.filled - before) * 1000) / (performance.now() - startedAt)
      report.progressed({ done: table.filled, total: table.count, imagesPerSecond })
    }
  } finally {
    // What was computed is kept, even if the run was cancelled or met a bad picture.
    await keep(1).finally(() => trunk.release())
  }
}

function fillFrom({ pictures, features }: FeatureBatch, table: FeatureTable): void {
  pictures.forEach((picture, row) => {
    table.fill(picture, features.subarray(row * table.width, (row + 1) * table.width))
  })
}

async function storeShard(
  pictures: readonly string[],
  table: FeatureTable,
  { storage, key, report }: FeatureCollection,
): Promise<void> {
  const features = new Uint16Array(pictures.length * table.width)
  pictures.forEach((picture, i) => features.set(table.rowOf(picture), i * table.width))
  const stored = await storage.put(writeShard(key, { pictures, features }))
  report.shardStored({ ...stored, imageCount: pictures.length })
}
