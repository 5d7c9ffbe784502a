import { setImmediate } from 'node:timers/promises'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Engine, Tf } from '../engine/engine.type.js'
import type { StateDict } from '../network/weights.js'
import { orderedBatches, type Batch } from './batches.js'
import { openHead, type HeadModel } from './head.model.js'
import type { LabelledFeatures } from './training.type.js'

/** Pictures at a time; the figures do not depend on it, the memory does. */
const PREDICTION_BATCH = 256
/** Least log-probability that is told apart from never: keeps -ln(probability) finite. */
const LEAST_LOG_PROBABILITY = -690

/** @returns probabilities [count, classes], none of them 0, each row summing to 1 within 1e-6 */
export async function predictHead(
  engine: Engine,
  head: StateDict,
  features: Pick<LabelledFeatures, 'features' | 'count'>,
): Promise<Float64Array> {
  const model = openHead(engine.tf, head)
  try {
    return (await predictLogProbabilities(engine.tf, model, features)).map(Math.exp)
  } finally {
    model.dispose()
  }
}

/** @returns [count, classes] in double precision, normalised there */
export async function predictLogProbabilities(
  tf: Tf,
  model: HeadModel,
  { features, count }: Pick<LabelledFeatures, 'features' | 'count'>,
): Promise<Float64Array> {
  const all = new Float64Array(count * model.classCount)
  let at = 0
  for (const batch of orderedBatches({ features, labels: new Int32Array(count), count }, PREDICTION_BATCH)) {
    all.set(normalise(await predictBatch(tf, model, batch), model.classCount), at)
    at += batch.count * model.classCount
    await setImmediate()
  }
  return all
}

async function predictBatch(tf: Tf, model: HeadModel, { features, count }: Batch): Promise<ArrayLike<number>> {
  const output = tf.tidy(() => model.predict(tf.tensor2d(features, [count, features.length / count])))
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
