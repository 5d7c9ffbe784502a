/** Training's kernels made of TensorFlow.js's own operations, for WebGPU: its memory cannot be read in between. */
import type { KernelConfig, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine.type.js'
import { RELU_GRADIENT } from './relu-gradient.js'
import { TRAINING_NORM, TRAINING_NORM_GRADIENT } from './training-norm.js'

const ALL_BUT_CHANNELS = [0, 1, 2]

export function composedKernels(tf: Tf, backendName: 'webgpu'): KernelConfig[] {
  return [
    {
      kernelName: TRAINING_NORM,
      backendName,
      kernelFunc: ({ inputs, attrs }) => {
        const { x, scale, offset } = inputs as unknown as { x: Tensor4D; scale: Tensor1D; offset: Tensor1D }
        const { epsilon } = attrs as unknown as { epsilon: number }
        return tf.tidy(() => {
          const { mean, variance } = tf.moments(x, ALL_BUT_CHANNELS)
          const count = x.size / scale.size
          const inverseDeviation = tf.rsqrt(tf.add(variance, epsilon))
          const y = tf.add(tf.mul(tf.sub(x, mean), tf.mul(inverseDeviation, scale)), offset)
          // One value has no variance: PyTorch refuses it, here it counts as 0.
          const unbiased = tf.mul(variance, count / Math.max(count - 1, 1))
          return [y, mean, unbiased, mean.clone(), inverseDeviation]
        })
      },
    },
    {
      kernelName: TRAINING_NORM_GRADIENT,
      backendName,
      kernelFunc: ({ inputs }) => {
        const { dy, x, scale, saved0: mean, saved1: inverseDeviation } = inputs as unknown as Record<NormInput, Tensor>
        return tf.tidy(() => {
          const count = x.size / scale.size
          const normed = tf.mul(tf.sub(x, mean), inverseDeviation)
          const dScale = tf.sum(tf.mul(dy, normed), ALL_BUT_CHANNELS)
          const dOffset = tf.sum(dy, ALL_BUT_CHANNELS)
          const centred = tf.sub(tf.sub(dy, tf.div(dOffset, count)), tf.mul(normed, tf.div(dScale, count)))
          return [tf.mul(centred, tf.mul(scale, inverseDeviation)), dScale, dOffset]
        })
      },
    },
    {
      kernelName: RELU_GRADIENT,
      backendName,
      kernelFunc: ({ inputs }) => {
        const { dy, y } = inputs as unknown as Record<'dy' | 'y', Tensor>
        return tf.tidy(() => tf.mul(dy, tf.step(y)))
      },
    },
  ]
}

type NormInput = 'dy' | 'x' | 'scale' | 'saved0' | 'saved1'
