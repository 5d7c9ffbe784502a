import { setImmediate } from 'node:timers/promises'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Engine, Tf } from '../engine/engine.type.js'
import { elementCount, type StateDict } from '../network/weights.js'
import { orderedBatches, type Batch } from './batches.js'
import { openNetwork, type NetworkModel } from './network.model.js'
import type { PictureSource } from './training.type.js'

/** Values of inputs at a time, 16 MB, and pictures at most; the figures do not depend on it, the memory does. */
const BATCH_VALUES = 2 ** 22
const MAX_BATCH = 256
/** Least log-probability that is told apart from never: keeps -ln(probability) finite. */
const LEAST_LOG_PROBABILITY = -690

/**
 * What a network says of pictures, batch norms in inference mode.
 * @param network the head and, above the cut that `pictures` gives its inputs at, the trunk's tensors
 * @returns probabilities [count, classes], none of them 0, each row summing to 1 within 1e-6
 */
export async function predict(engine: Engine, network: StateDict, pictures: PictureSource): Promise<Float64Array> {
  const model = openNetwork(engine.tf, network)
  try {
    return (await predictLogProbabilities(engine.tf, model, pictures)).map(Math.exp)
  } finally {
    model.dispose()
  }
}

/** @returns [count, classes] in double precision, normalised there */
export async function predictLogProbabilities(
  tf: Tf,
  model: NetworkModel,
  pictures: PictureSource,
): Promise<Float64Array> {
  const all = new Float64Array(pictures.count * model.head.classCount)
  const batchSize = Math.min(MAX_BATCH, Math.max(1, Math.floor(BATCH_VALUES / elementCount(pictures.shape))))
  let at = 0
  for await (const batch of orderedBatches(pictures, batchSize)) {
    all.set(normalise(await predictBatch(tf, model, batch), model.head.classCount), at)
    at += batch.count * model.head.classCount
    await setImmediate()
  }
  return all
}

async function predictBatch(tf: Tf, model: NetworkModel, { inputs, shape, count }: Batch): Promise<ArrayLike<number>> {
  const output = tf.tidy(() => model.infer(tf.tensor(inputs, [count, ...shape])))
  return readAndDispose(output)
}

export async function readAndDispose(tensor: Tensor2D): Promise<Float32Array> {
  const data = (await tensor.data()) as Float32Array
  tensor.dispose()
  return data
}

/** Single precision leaves a row's sum off by up to 1e-6 for each thousand classes: taken out here. */
export function normalise(logProbabilities: ArrayLike<number>, classCount: number): Float64Array {
  const rows = Float64Array.from(logProbabilities)
  for (let from = 0; from < rows.length; from += classCount) {
    const row = rows.subarray(from, from + classCount)
    const excess = Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0))
    for (const [c, value] of row.entries()) row[c] = Math.max(value - excess, LEAST_LOG_PROBABILITY)
  }
  return rows
}
