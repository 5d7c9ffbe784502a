/** How quick an engine is: the time of one training step of a head like ours on numbers that are thrown away. */
import type { Rank, Tensor2D } from '@tensorflow/tfjs-core'
import type { Tf } from './engine.type.js'

const BATCH = 64
/** Features, the two hidden layers that runs have unless told otherwise, and a few classes. */
const WIDTHS = [2048, 1024, 256, 10] as const
const AT_MOST_MS = 500
const AT_MOST_STEPS = 10

/** @returns milliseconds of the quickest step; the first ones, which compile and allocate, do not count */
export async function measureStep(tf: Tf): Promise<number> {
  const weights = WIDTHS.slice(1).map((width, i) => tf.fill<Rank.R2>([WIDTHS[i] ?? 0, width], 1e-3))
  const features = tf.fill<Rank.R2>([BATCH, WIDTHS[0]], 0.5)
  let best = Infinity
  try {
    await timeStep(tf, features, weights)
    const startedAt = performance.now()
    for (let i = 0; i < AT_MOST_STEPS && performance.now() - startedAt < AT_MOST_MS; i++) {
      best = Math.min(best, await timeStep(tf, features, weights))
    }
  } finally {
    tf.dispose([features, ...weights])
  }
  return best
}

async function timeStep(tf: Tf, features: Tensor2D, weights: readonly Tensor2D[]): Promise<number> {
  const startedAt = performance.now()
  const results = tf.tidy(() =>
    tf.grads((...parameters) => {
      const last = parameters.length - 1
      const logits = parameters.reduce(
        (x, weight, i) => (i < last ? tf.relu(tf.matMul(x, weight)) : tf.matMul(x, weight)),
        features,
      )
      return tf.sum(tf.logSumExp(logits, 1))
    })([...weights]),
  )
  // The engine is done when the last gradient can be read.
  await results.at(-1)?.data()
  tf.dispose(results)
  return performance.now() - startedAt
}
