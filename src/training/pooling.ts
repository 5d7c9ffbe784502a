/** The two poolings, and the ways back. */
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine/engine.type.js'
import { MAX_POOL } from '../network/resnet50.js'
import { surround } from './convolution.js'
import type { Pass } from './pass.type.js'

/** The one behind the stem. Its input was through ReLU, so that zeros around it never win. */
export function maxPool(tf: Tf, x: Tensor4D): Tensor4D {
  const { kernel, stride, padding } = MAX_POOL
  return tf.tidy(() => tf.maxPool(surround(tf, x, padding), kernel, stride, 'valid'))
}

export function trainMaxPool(tf: Tf, x: Tensor4D): Pass {
  const { kernel, stride, padding } = MAX_POOL
  const output = maxPool(tf, x)
  return {
    output,
    back: (slope) => {
      const dx = tf.tidy(() => {
        const inputs = { dy: slope, input: surround(tf, x, padding), output }
        const attributes = { filterSize: kernel, strides: stride, pad: 'valid' }
        const gradient = tf.engine().runKernel<Tensor4D>('MaxPoolGrad', inputs, attributes)
        return tf.slice(gradient, [0, padding, padding, 0], x.shape)
      })
      output.dispose()
      return dx
    },
  }
}

/** @returns [batch, channels], means over height and width */
export function averagePool(tf: Tf, x: Tensor4D): Tensor2D {
  const [batch, height, width, channels] = x.shape
  return tf.tidy(() => tf.reshape(tf.avgPool(x, [height, width], 1, 'valid'), [batch, channels]))
}

/** @returns the slope at the input of shape `shape` */
export function spreadAverage(tf: Tf, slope: Tensor2D, shape: Tensor4D['shape']): Tensor4D {
  const [batch, height, width, channels] = shape
  return tf.tidy(() =>
    tf.mul<Tensor4D>(tf.fill(shape, 1 / (height * width)), tf.reshape(slope, [batch, 1, 1, channels])),
  )
}
