/**
 * Adam's step in one pass over the weights (Kingma and Ba, 2015, algorithm 1, rearranged as at the end of section 2):
 * m = β1·m + (1 - β1)·g, v = β2·v + (1 - β2)·g², weight - rate · m / (√v + epsilon). Only some backends have it.
 */
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine.type.js'

export const ADAM_STEP = 'AdamStep'

export interface AdamRates {
  /** The step's learning rate, corrected for moments that began at zero. */
  rate: number
  beta1: number
  beta2: number
  /** Beside the root of the uncorrected second moment. */
  epsilon: number
}

export function hasAdamStep(tf: Tf): boolean {
  return tf.getKernelsForBackend(tf.getBackend()).some(({ kernelName }) => kernelName === ADAM_STEP)
}

/**
 * Weight and moments are used up: nothing else may hold their values, and what comes back takes their place.
 * @returns what the weight and its two moments become; all have the weight's shape
 */
export function adamStep(
  tf: Tf,
  { weight, gradient, m, v }: Record<'weight' | 'gradient' | 'm' | 'v', Tensor>,
  rates: AdamRates,
): [weight: Tensor, m: Tensor, v: Tensor] {
  const inputs: NamedTensorMap = { weight, gradient, m, v }
  return tf.engine().runKernel<Tensor[]>(ADAM_STEP, inputs, { ...rates }) as [Tensor, Tensor, Tensor]
}
