/** How quick an engine is: the time of one training step of a head like ours on numbers that are thrown away. */
import type { Rank, Tensor2D } from '@tensorflow/tfjs-core'
import type { Tf } from './engine.type.js'
import { productOfTransposed, productWithTransposed } from './kernels/products.js'
import { reluGradient } from './kernels/relu-gradient.js'

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
  // The engine is done when an entry of the last gradient can be read; all of it would take a GPU longer than the step.
  const entry = tf.tidy(() => tf.slice(gradientsOf(tf, features, weights).at(-1) as Tensor2D, [0, 0], [1, 1]))
  await entry.data()
  entry.dispose()
  return performance.now() - startedAt
}

/**
 * Of the loss Σlog Σexp(logits), whose slope at the logits is their softmax; the last layer's first. Written out: tfjs-core
 * alone differentiates nothing.
 */
function gradientsOf(tf: Tf, features: Tensor2D, weights: readonly Tensor2D[]): Tensor2D[] {
  const inputs = [features]
  for (const weight of weights.slice(0, -1)) {
    inputs.push(tf.relu(tf.matMul<Tensor2D>(inputs.at(-1) as Tensor2D, weight)))
  }
  let slope = tf.softmax(tf.matMul<Tensor2D>(inputs.at(-1) as Tensor2D, weights.at(-1) as Tensor2D))
  return [...weights.entries()].reverse().map(([i, weight]) => {
    const input = inputs[i] as Tensor2D
    const gradient = productOfTransposed(tf, input, slope)
    if (i > 0) slope = reluGradient(tf, productWithTransposed(tf, slope, weight), input)
    return gradient
  })
}
