import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine.type.js'

export const MOVING_AVERAGE = 'MovingAverage'

/** @returns (1 - share) · average + share · value, in one program on WebGPU */
export function movingAverage(tf: Tf, { average, value }: { average: Tensor; value: Tensor }, share: number): Tensor {
  if (tf.getBackend() !== 'webgpu') return tf.add(tf.mul(average, 1 - share), tf.mul(value, share))
  return tf.engine().runKernel<Tensor>(MOVING_AVERAGE, { average, value }, { kept: 1 - share, share })
}
