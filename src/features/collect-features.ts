/**
 * The features of a set of pictures: those that are kept, and the rest computed once and then kept too, as far as memory
 * and the budget on disk go. What is beyond both is computed whenever it is read.
 */
import type { TrunkSession } from '../inference/sessions.js'
import { computeFeatures, type PixelReading } from './compute-features.js'
import { createFeatureReader, type FeatureReader } from './feature-reader.js'
import { createFeatureRows, type FeatureRows } from './feature-rows.js'
import { bytesOfRow, shardPictures, writeShard } from './feature-shard.js'
import { readKeptFeatures, type KeptShards } from './kept-features.js'

export interface StoredShard {
  readonly sha256: string
  readonly byteSize: number
  readonly imageCount: number
}

export interface FeatureProgress {
  readonly done: number
  /** Pictures whose features are to be kept. */
  readonly total: number
  /** Null while nothing was computed: reading kept features is no measure. */
  readonly imagesPerSecond: number | null
}

/** What a caller may want to write down while features are collected. */
export interface FeatureReport {
  progressed(progress: FeatureProgress): void
  shardStored(shard: StoredShard): void
  /** `found`: pictures whose features were in them. */
  shardsRead(shards: { used: readonly string[]; lost: readonly string[]; found: number }): void
  /** Values beyond half precision's range, 65504, were brought back to it. */
  clamped(values: number): void
}

export interface FeatureCollection extends PixelReading, KeptShards {
  /** sha256 of the pictures, none twice. The first ones are kept where not all can be. */
  readonly pictures: readonly string[]
  /** Values for each picture. */
  readonly width: number
  /** For the features of these pictures on disk. */
  readonly budgetBytes: number
  /** For features that are held in memory. */
  readonly memoryBytes: number
  /** Asked for only if something is to be computed. */
  openTrunk(): Promise<TrunkSession>
  readonly report: FeatureReport
}

/**
 * @returns the features [pictures, width], in the pictures' order
 * @throws PictureUnavailableError, StorageError, and what `signal` was aborted with
 */
export async function collectFeatures(collection: FeatureCollection): Promise<FeatureReader> {
  const { storage, pictures, width, report, budgetBytes } = collection
  const rows = createFeatureRows(pictures, collection)
  report.progressed({ done: 0, total: rows.count, imagesPerSecond: null })
  const { used, usedBytes, lost } = await readKeptFeatures(storage, collection, rows)
  report.shardsRead({ used, lost, found: rows.kept })
  const storable = Math.max(0, Math.floor((budgetBytes - usedBytes) / bytesOfRow(width)))
  const missing = rows.missing().slice(0, Math.max(storable, rows.room))
  report.progressed({ done: rows.kept, total: rows.kept + missing.length, imagesPerSecond: null })
  const reader = createFeatureReader(rows, collection)
  try {
    if (missing.length > 0) await computeMissing(rows, { missing, storable, reader }, collection)
  } catch (error) {
    await reader.close()
    throw error
  }
  return reader
}

interface Work {
  readonly missing: readonly string[]
  /** How many of them go to disk, the first ones. */
  readonly storable: number
  readonly reader: FeatureReader
}

async function computeMissing(rows: FeatureRows, work: Work, collection: FeatureCollection): Promise<void> {
  const { report, signal } = collection
  const trunk = await work.reader.trunk()
  signal.throwIfAborted()
  const total = rows.kept + work.missing.length
  const startedAt = performance.now()
  const shelf = openShelf(rows, collection)
  let done = 0
  try {
    for await (const { pictures, halves, clamped } of computeFeatures(work.missing, { ...collection, trunk })) {
      if (clamped > 0) report.clamped(clamped)
      for (const [i, picture] of pictures.entries()) {
        const values = halves.slice(i * rows.width, (i + 1) * rows.width)
        if (done < work.storable) await shelf.add(picture, values)
        else rows.keep(picture, values, null)
        done += 1
      }
      const imagesPerSecond = (done * 1000) / (performance.now() - startedAt)
      report.progressed({ done: total - work.missing.length + done, total, imagesPerSecond })
    }
  } finally {
    // What was computed is kept, even if the run was cancelled or met a bad picture.
    await shelf.store()
  }
}

interface Shelf {
  /** Stores a shard as soon as there is enough for one. */
  add(picture: string, values: Uint16Array): Promise<void>
  /** What is left, as a smaller shard. */
  store(): Promise<void>
}

function openShelf(rows: FeatureRows, { storage, key, report }: FeatureCollection): Shelf {
  const capacity = shardPictures(rows.width)
  let pending: { picture: string; values: Uint16Array }[] = []
  const store = async (): Promise<void> => {
    if (pending.length === 0) return
    const shard = pending
    pending = []
    const features = new Uint16Array(shard.length * rows.width)
    shard.forEach(({ values }, i) => {
      features.set(values, i * rows.width)
    })
    const pictures = shard.map(({ picture }) => picture)
    const stored = await storage.put(writeShard(key, { pictures, features }))
    shard.forEach(({ picture, values }, row) => {
      rows.keep(picture, values, { sha256: stored.sha256, row, count: shard.length })
    })
    report.shardStored({ ...stored, imageCount: shard.length })
  }
  return {
    store,
    add: async (picture, values) => {
      pending.push({ picture, values })
      if (pending.length === capacity) await store()
    },
  }
}
