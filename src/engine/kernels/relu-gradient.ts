import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine.type.js'

export const RELU_GRADIENT = 'ReluGradient'

/** @returns `dy` where `y`, what ReLU gave, is above 0, else 0 */
export function reluGradient<T extends Tensor>(tf: Tf, dy: T, y: T): T {
  const inputs: NamedTensorMap = { dy, y }
  return tf.engine().runKernel<T>(RELU_GRADIENT, inputs)
}
