/** Reads features by row: out of memory, out of shards, or by computing them anew; all give the same values. */
import { buffer } from 'node:stream/consumers'
import type { TrunkSession } from '../inference/sessions.js'
import { widenHalves } from '../network/half.js'
import type { BlobStore } from '../storage/blob-store.js'
import { BlobMissingError } from '../storage/storage.errors.js'
import { computeFeatures, type PixelReading } from './compute-features.js'
import type { FeatureRows, ShardRow } from './feature-rows.js'
import { readHalves, rowRange } from './feature-shard.js'

export interface FeatureReader {
  /** Pictures. */
  readonly count: number
  /** How many are in memory or on disk. */
  readonly kept: number
  /**
   * @returns [rows.length, width] in single precision, rounded to half
   * @throws PictureUnavailableError, StorageError, and what the signal was aborted with
   */
  read(rows: Uint32Array): Promise<Float32Array>
  /** The session that computes what is not kept, opened when it is first asked for. */
  trunk(): Promise<TrunkSession>
  close(): Promise<void>
}

export interface FeatureReading extends PixelReading {
  openTrunk(): Promise<TrunkSession>
  readonly report: { shardsRead(shards: { used: readonly string[]; lost: readonly string[]; found: number }): void }
}

export function createFeatureReader(rows: FeatureRows, reading: FeatureReading): FeatureReader {
  const { width } = rows
  let session: Promise<TrunkSession> | undefined
  const trunk = (): Promise<TrunkSession> => (session ??= reading.openTrunk())

  const readKept = async (row: number): Promise<Uint16Array | null> => {
    const place = rows.inMemory(row) ?? rows.inShard(row)
    if (place === null || place instanceof Uint16Array) return place
    const values = await readShardRow(reading.storage, place, width)
    if (values !== null) return values
    // Another run's features took its place within the budget.
    rows.lose(row)
    reading.report.shardsRead({ used: [], lost: [place.sha256], found: 0 })
    return null
  }

  const compute = async (missing: readonly number[], keep: (i: number, values: Uint16Array) => void): Promise<void> => {
    const pictures = missing.map((row) => rows.pictureAt(row))
    let done = 0
    for await (const { halves } of computeFeatures([{ pictures }], { ...reading, trunk: await trunk() })) {
      for (let from = 0; from < halves.length; from += width) keep(done++, halves.subarray(from, from + width))
    }
  }

  return {
    count: rows.count,
    get kept() {
      return rows.kept
    },
    trunk,
    read: async (wanted) => {
      const singles = new Float32Array(wanted.length * width)
      const missing: number[] = []
      await Promise.all(
        Array.from(wanted, async (row, i) => {
          const values = await readKept(row)
          if (values === null) missing.push(i)
          else widenHalves(values, singles, i * width)
        }),
      )
      if (missing.length > 0) {
        const at = missing.sort((a, b) => a - b)
        await compute(
          at.map((i) => wanted[i] as number),
          (n, values) => {
            widenHalves(values, singles, (at[n] as number) * width)
          },
        )
      }
      return singles
    },
    close: async () => {
      await (await session?.catch(() => undefined))?.release()
    },
  }
}

/** Null where the shard is gone. */
async function readShardRow(
  storage: BlobStore,
  { sha256, row, count }: ShardRow,
  width: number,
): Promise<Uint16Array | null> {
  try {
    const values = readHalves(await buffer(storage.stream(sha256, rowRange(row, { count, width }))))
    return values.length === width ? values : null
  } catch (error) {
    if (error instanceof BlobMissingError) return null
    throw error
  }
}
