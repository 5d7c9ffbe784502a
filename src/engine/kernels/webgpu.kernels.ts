/** Training's kernels for WebGPU: its memory cannot be read in between. */
import { Conv2DBackpropFilter, type KernelConfig, type Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine.type.js'
import { ADAM_STEP, type AdamRates } from './adam-step.js'
import { filterGradient } from './filter-gradient.js'
import { MOVING_AVERAGE } from './moving-average.js'
import { RELU_GRADIENT } from './relu-gradient.js'
import { TRAINING_NORM, TRAINING_NORM_GRADIENT } from './training-norm.js'
import { computeEntries } from './webgpu.program.js'

const ALL_BUT_CHANNELS = [0, 1, 2]

type Tensors<Names extends string> = Readonly<Record<Names, Tensor>>

/** Each knows what its kernel is given. */
type Run = (tf: Tf, inputs: never, attributes: never) => Tensor | Tensor[]

const KERNELS: Readonly<Record<string, Run>> = {
  [TRAINING_NORM]: trainingNorm,
  [TRAINING_NORM_GRADIENT]: trainingNormGradient,
  [RELU_GRADIENT]: reluGradient,
  [MOVING_AVERAGE]: movingAverage,
  [ADAM_STEP]: adamStep,
  [Conv2DBackpropFilter]: filterGradient,
}

export function webgpuKernels(tf: Tf): KernelConfig[] {
  return Object.entries(KERNELS).map(([kernelName, run]) => ({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs }) => tf.tidy(() => run(tf, inputs as never, attrs as never)),
  }))
}

function trainingNorm(
  tf: Tf,
  { x, scale, offset }: Tensors<'x' | 'scale' | 'offset'>,
  { epsilon }: { epsilon: number },
): Tensor[] {
  const [values, { shape }] = [x.shape, scale]
  const count = x.size / scale.size
  const mean = tf.mean(x, ALL_BUT_CHANNELS)
  const squares = computeEntries(tf, {
    name: 'normSquares',
    shape: values,
    inputs: { x, mean },
    entry: '(x[i] - mean[c]) * (x[i] - mean[c])',
  })
  const variance = tf.mean(squares, ALL_BUT_CHANNELS)
  const inverse = computeEntries(tf, {
    name: 'normInverseDeviation',
    shape,
    inputs: { variance },
    numbers: { epsilon },
    entry: '1.0 / sqrt(variance[i] + uniforms.epsilon)',
  })
  const unbiased = computeEntries(tf, {
    name: 'normUnbiasedVariance',
    shape,
    inputs: { variance },
    // One value has no variance: PyTorch refuses it, here it counts as 0.
    numbers: { factor: count / Math.max(count - 1, 1) },
    entry: 'variance[i] * uniforms.factor',
  })
  const y = computeEntries(tf, {
    name: 'norm',
    shape: values,
    inputs: { x, mean, inverse, scale, offset },
    entry: '(x[i] - mean[c]) * (inverse[c] * scale[c]) + offset[c]',
  })
  return [y, mean, unbiased, mean.clone(), inverse]
}

function trainingNormGradient(
  tf: Tf,
  { dy, x, scale, saved0: mean, saved1: inverse }: Tensors<'dy' | 'x' | 'scale' | 'saved0' | 'saved1'>,
): Tensor[] {
  const products = computeEntries(tf, {
    name: 'normProducts',
    shape: x.shape,
    inputs: { dy, x, mean, inverse },
    entry: 'dy[i] * ((x[i] - mean[c]) * inverse[c])',
  })
  const dScale = tf.sum(products, ALL_BUT_CHANNELS)
  const dOffset = tf.sum(dy, ALL_BUT_CHANNELS)
  const dx = computeEntries(tf, {
    name: 'normGradient',
    shape: x.shape,
    inputs: { dy, x, mean, inverse, scale, dScale, dOffset },
    numbers: { share: scale.size / x.size },
    entry: `scale[c] * inverse[c] *
      (dy[i] - uniforms.share * (dOffset[c] + (x[i] - mean[c]) * inverse[c] * dScale[c]))`,
  })
  return [dx, dScale, dOffset]
}

function reluGradient(tf: Tf, { dy, y }: Tensors<'dy' | 'y'>): Tensor {
  return computeEntries(tf, {
    name: 'reluGradient',
    shape: dy.shape,
    inputs: { dy, y },
    entry: 'select(0.0, dy[i], y[i] > 0.0)',
  })
}

function movingAverage(
  tf: Tf,
  { average, value }: Tensors<'average' | 'value'>,
  { kept, share }: { kept: number; share: number },
): Tensor {
  return computeEntries(tf, {
    name: 'movingAverage',
    shape: average.shape,
    inputs: { average, value },
    numbers: { kept, share },
    entry: 'average[i] * uniforms.kept + value[i] * uniforms.share',
  })
}

function adamStep(
  tf: Tf,
  { weight, m, v, gradient }: Tensors<'weight' | 'm' | 'v' | 'gradient'>,
  { rate, beta1, beta2, epsilon }: AdamRates,
): Tensor[] {
  const { shape } = weight
  const first = movingAverage(tf, { average: m, value: gradient }, { kept: beta1, share: 1 - beta1 })
  const second = computeEntries(tf, {
    name: 'adamSecondMoment',
    shape,
    inputs: { v, gradient },
    numbers: { kept: beta2, share: 1 - beta2 },
    entry: 'v[i] * uniforms.kept + gradient[i] * gradient[i] * uniforms.share',
  })
  const moved = computeEntries(tf, {
    name: 'adamWeight',
    shape,
    inputs: { weight, first, second },
    numbers: { rate, epsilon },
    entry: 'weight[i] - first[i] / (sqrt(second[i]) + uniforms.epsilon) * uniforms.rate',
  })
  return [moved, first, second]
}
