/** Batches in an order that the seed and the epoch alone decide. */
import { randomKey, randomPermutation } from '../domain/random.js'
import type { PictureSource } from './training.type.js'

export interface Batch {
  /** [count, ...shape], row after row. */
  inputs: Float32Array
  /** Of one picture: [2048], or [height, width, channels]. */
  shape: readonly number[]
  labels: Int32Array
  count: number
}

/** Every picture once, in random order; the last batch may be smaller. */
export function shuffledBatches(
  pictures: PictureSource,
  { seed, epoch, batchSize }: { seed: number; epoch: number; batchSize: number },
): AsyncGenerator<Batch, void, undefined> {
  const order = randomPermutation(randomKey(seed, 'shuffle', epoch), pictures.count)
  return batchesOf(pictures, order, { batchSize, epoch })
}

/** In the order in which they lie, and as they are. */
export function orderedBatches(pictures: PictureSource, batchSize: number): AsyncGenerator<Batch, void, undefined> {
  return batchesOf(
    pictures,
    Uint32Array.from({ length: pictures.count }, (_, i) => i),
    { batchSize },
  )
}

/** Reads one batch ahead of the one that is computed. */
async function* batchesOf(
  source: PictureSource,
  order: Uint32Array,
  { batchSize, epoch }: { batchSize: number; epoch?: number },
): AsyncGenerator<Batch, void, undefined> {
  const read = async (from: number): Promise<Batch> => {
    const rows = order.subarray(from, from + batchSize)
    const inputs = rows.length === 0 ? new Float32Array() : await source.read(rows, epoch)
    const labels = Int32Array.from(rows, (row) => source.labels[row] as number)
    return { inputs, shape: source.shape, labels, count: rows.length }
  }
  let ahead = read(0)
  try {
    for (let from = 0; from < order.length; from += batchSize) {
      const batch = await ahead
      ahead = read(from + batchSize)
      // Awaited in the next turn: a failure must not count as unhandled until then.
      ahead.catch(() => undefined)
      yield batch
    }
  } finally {
    await ahead.catch(() => undefined)
  }
}
