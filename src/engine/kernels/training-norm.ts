/**
 * Batch norm as PyTorch's BatchNorm2d has it in train(): with the mean and the variance of the batch. TensorFlow.js has the
 * inference form only, so that each backend gets kernels of ours under these names.
 *
 * y = (x - mean) / sqrt(variance + epsilon) · scale + offset, over all but the last axis of x [batch, height, width,
 * channels], with the biased variance (Ioffe and Szegedy, 2015, algorithm 1).
 */
import type { NamedTensorMap, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine.type.js'

export const TRAINING_NORM = 'TrainingNorm'
export const TRAINING_NORM_GRADIENT = 'TrainingNormGradient'

export interface TrainingNorm {
  y: Tensor4D
  /** [channels] */
  mean: Tensor1D
  /** [channels], with n - 1 as the divisor: what PyTorch adds to its running variance. */
  unbiasedVariance: Tensor1D
  /** What the backend's gradient wants besides; of no other meaning. */
  saved: Tensor[]
}

export function trainingNorm(
  tf: Tf,
  { x, scale, offset, epsilon }: { x: Tensor4D; scale: Tensor; offset: Tensor; epsilon: number },
): TrainingNorm {
  const inputs: NamedTensorMap = { x, scale, offset }
  const [y, mean, unbiasedVariance, ...saved] = tf.engine().runKernel<Tensor[]>(TRAINING_NORM, inputs, { epsilon })
  return { y: y as Tensor4D, mean: mean as Tensor1D, unbiasedVariance: unbiasedVariance as Tensor1D, saved }
}

/** @returns slopes of the loss at x [batch, height, width, channels], scale and offset [channels], from `dy` at y */
export function trainingNormGradient(
  tf: Tf,
  {
    dy,
    x,
    scale,
    saved,
    epsilon,
  }: { dy: Tensor4D; x: Tensor4D; scale: Tensor; saved: readonly Tensor[]; epsilon: number },
): [x: Tensor4D, scale: Tensor, offset: Tensor] {
  const named = Object.fromEntries(saved.map((tensor, i) => [`saved${String(i)}`, tensor]))
  const inputs: NamedTensorMap = { dy, x, scale, ...named }
  return tf.engine().runKernel<Tensor[]>(TRAINING_NORM_GRADIENT, inputs, { epsilon }) as [Tensor4D, Tensor, Tensor]
}
