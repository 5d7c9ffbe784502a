/** Batches in an order that the seed and the epoch alone decide, and the masks that dropout lays over them. */
import { randomKey, randomPermutation, randomWords } from '../domain/random.js'
import { fromHalf } from '../network/half.js'
import type { LabelledFeatures } from './training.type.js'

export interface Batch {
  /** [count, width] */
  features: Float32Array
  labels: Int32Array
  count: number
}

/** Every picture once, in random order; the last batch may be smaller. */
export function* shuffledBatches(
  pictures: LabelledFeatures,
  { seed, epoch, batchSize }: { seed: number; epoch: number; batchSize: number },
): Generator<Batch, void, undefined> {
  const order = randomPermutation(randomKey(seed, 'shuffle', epoch), pictures.count)
  for (let from = 0; from < order.length; from += batchSize)
    yield gather(pictures, order.subarray(from, from + batchSize))
}

/** In the order in which they lie. */
export function* orderedBatches(pictures: LabelledFeatures, batchSize: number): Generator<Batch, void, undefined> {
  const order = Uint32Array.from({ length: pictures.count }, (_, i) => i)
  for (let from = 0; from < order.length; from += batchSize)
    yield gather(pictures, order.subarray(from, from + batchSize))
}

function gather({ features, labels, count }: LabelledFeatures, chosen: Uint32Array): Batch {
  const width = features.length / count
  const halves = new Uint16Array(chosen.length * width)
  for (const [i, picture] of chosen.entries()) {
    halves.set(features.subarray(picture * width, (picture + 1) * width), i * width)
  }
  return {
    features: fromHalf(halves),
    labels: Int32Array.from(chosen, (picture) => labels[picture] as number),
    count: chosen.length,
  }
}

/** Where a mask is drawn. `layer` counts the linear layers from 0. */
interface MaskPlace {
  seed: number
  epoch: number
  step: number
  layer: number
}

/** `count` numbers: 0 with the probability `rate`, else 1 / (1 - rate), so that the mean stays. */
export function dropoutMask({ seed, epoch, step, layer }: MaskPlace, count: number, rate: number): Float32Array {
  const words = randomWords(randomKey(seed, 'dropout', epoch, step, layer), count)
  const mask = new Float32Array(count)
  const dropped = rate * 2 ** 32
  const kept = 1 / (1 - rate)
  for (let i = 0; i < count; i++) if ((words[i] as number) >= dropped) mask[i] = kept
  return mask
}
