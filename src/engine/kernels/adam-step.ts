import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine.type.js'

export const ADAM_STEP = 'AdamStep'

export interface AdamRates {
  /** The step's learning rate, corrected for moments that began at zero. */
  readonly rate: number
  readonly beta1: number
  readonly beta2: number
  /** Beside the root of the uncorrected second moment. */
  readonly epsilon: number
}

interface AdamTensors {
  readonly weight: Tensor
  readonly m: Tensor
  readonly v: Tensor
}

/**
 * m' = β1·m + (1 - β1)·g, v' = β2·v + (1 - β2)·g², weight' = weight - rate · m' / (√v' + epsilon): in three programs on
 * WebGPU, else of TensorFlow.js's operations.
 */
export function adamStep(
  tf: Tf,
  { weight, m, v, gradient }: AdamTensors & { readonly gradient: Tensor },
  rates: AdamRates,
): AdamTensors {
  if (tf.getBackend() === 'webgpu') {
    const inputs = { weight, m, v, gradient }
    const moved = tf.engine().runKernel<Tensor[]>(ADAM_STEP, inputs, rates as unknown as NamedAttrMap)
    return { weight: moved[0] as Tensor, m: moved[1] as Tensor, v: moved[2] as Tensor }
  }
  const { rate, beta1, beta2, epsilon } = rates
  const first = tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1))
  const second = tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2))
  return {
    weight: tf.sub(weight, tf.mul(tf.div<Tensor>(first, tf.add(tf.sqrt(second), epsilon)), rate)),
    m: first,
    v: second,
  }
}
