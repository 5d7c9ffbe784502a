/**
 * The features of a set of pictures: those that are kept, and the rest computed once and then kept too, as far as memory
 * and the budget on disk go. What is beyond both is computed whenever it is read.
 */
import type { TrunkSession } from '../inference/sessions.js'
import { computeFeatures, type PixelReading } from './compute-features.js'
import { createFeatureReader, type FeatureReader } from './feature-reader.js'
import { createFeatureRows, type FeatureRows } from './feature-rows.js'
import { alone, shared, type Portion, type ShareOut } from './feature-portions.js'
import { bytesOfRow, writeShard } from './feature-shard.js'
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
  /** @param portionId of the portion that it is, where the work was shared out */
  shardStored(shard: StoredShard, portionId: string | null): void
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
  /** Left out, all that is missing is computed here. */
  readonly shareOut?: ShareOut
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

interface Part extends Portion {
  readonly isStored: boolean
}

async function computeMissing(rows: FeatureRows, work: Work, collection: FeatureCollection): Promise<void> {
  const { signal } = collection
  const trunk = await work.reader.trunk()
  signal.throwIfAborted()
  const progress = startProgress(rows, work, collection)
  const shelf = openShelf(rows, collection)
  // Whoever still waits for others when this ends, by a bad picture for instance, waits no longer.
  const ended = new AbortController()
  const parts = partsOf(rows, work, {
    ...collection,
    signal: AbortSignal.any([signal, ended.signal]),
    collected: () => progress.tell(shelf.count),
  })
  try {
    for await (const { pictures, halves, clamped, list, isLast } of computeFeatures(parts, { ...collection, trunk })) {
      if (clamped > 0) collection.report.clamped(clamped)
      for (const [i, picture] of pictures.entries()) {
        const values = halves.slice(i * rows.width, (i + 1) * rows.width)
        if (list.isStored) shelf.add(picture, values, list)
        else rows.keep(picture, values, null)
      }
      if (isLast) await shelf.store()
      progress.tell(shelf.count)
    }
  } finally {
    ended.abort(new Error('Collecting features has ended.'))
    // What was computed is kept, even if the run was cancelled or met a bad picture.
    await shelf.store()
  }
}

interface Sharing extends FeatureCollection {
  /** Others have stored some of what was missing. */
  readonly collected: () => void
}

/** What goes to disk, shared out if there is somebody to share it with; then what only fits in memory. */
async function* partsOf(rows: FeatureRows, { missing, storable }: Work, sharing: Sharing): AsyncGenerator<Part> {
  const stored = missing.slice(0, storable)
  const { shareOut, signal } = sharing
  const collect = async (shards: readonly string[]): Promise<void> => {
    const before = rows.kept
    const { used, lost } = await readKeptFeatures(sharing.storage, { key: sharing.key, shards }, rows)
    sharing.report.shardsRead({ used, lost, found: rows.kept - before })
    sharing.collected()
  }
  const portions =
    shareOut === undefined ? alone(stored, rows.width) : shared({ missing: stored, rows, shareOut, collect, signal })
  for await (const portion of portions) yield { ...portion, isStored: true }
  const rest = missing.slice(storable)
  if (rest.length > 0) yield { id: null, pictures: rest, isStored: false }
}

/** @returns tells how many features there are, with those that wait on the shelf */
function startProgress(
  rows: FeatureRows,
  { missing }: Work,
  { report }: FeatureCollection,
): { tell(shelved: number): void } {
  const startedAt = performance.now()
  const before = rows.kept
  const total = before + missing.length
  return {
    tell: (shelved) => {
      const done = Math.min(total, rows.kept + shelved)
      const imagesPerSecond = ((done - before) * 1000) / (performance.now() - startedAt)
      report.progressed({ done, total, imagesPerSecond })
    },
  }
}

interface Shelf {
  /** How many are not stored yet. */
  readonly count: number
  add(picture: string, values: Uint16Array, portion: Portion): void
  /** What is there, as one shard. */
  store(): Promise<void>
}

function openShelf(rows: FeatureRows, { storage, key, report }: FeatureCollection): Shelf {
  let pending: { picture: string; values: Uint16Array }[] = []
  let portionId: string | null = null
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
    report.shardStored({ ...stored, imageCount: shard.length }, portionId)
  }
  return {
    get count() {
      return pending.length
    },
    store,
    add: (picture, values, portion) => {
      portionId = portion.id
      pending.push({ picture, values })
    },
  }
}
