/**
 * Kernels in plain JavaScript for the backends that lack them, WebAssembly and `cpu`. They only pass over activations once
 * or twice, which costs little beside the products. Sums are in double precision.
 */
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { RELU_GRADIENT } from './relu-gradient.js'
import { TRAINING_NORM, TRAINING_NORM_GRADIENT } from './training-norm.js'
import { infoOf, valuesOf } from './values.js'

export function plainKernels(backendName: 'wasm' | 'cpu'): KernelConfig[] {
  return [
    { kernelName: TRAINING_NORM, backendName, kernelFunc: trainingNorm },
    { kernelName: TRAINING_NORM_GRADIENT, backendName, kernelFunc: trainingNormGradient },
    { kernelName: RELU_GRADIENT, backendName, kernelFunc: reluGradient },
  ]
}

const trainingNorm: KernelFunc = ({ inputs, attrs, backend }) => {
  const info = inputs as Record<'x' | 'scale' | 'offset', TensorInfo>
  const { epsilon } = attrs as unknown as { epsilon: number }
  const [x, scale, offset] = [valuesOf(backend, info.x), valuesOf(backend, info.scale), valuesOf(backend, info.offset)]
  const channels = scale.length
  const count = x.length / channels
  const mean = channelMeans(x, channels)
  const squares = new Float64Array(channels)
  for (let i = 0; i < x.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      const distance = (x[i + c] as number) - (mean[c] as number)
      squares[c] = (squares[c] as number) + distance * distance
    }
  }
  const inverseDeviation = squares.map((sum) => 1 / Math.sqrt(sum / count + epsilon))
  const factor = inverseDeviation.map((inverse, c) => inverse * (scale[c] as number))
  const y = new Float32Array(x.length)
  for (let i = 0; i < x.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      y[i + c] = ((x[i + c] as number) - (mean[c] as number)) * (factor[c] as number) + (offset[c] as number)
    }
  }
  // One value has no variance: PyTorch refuses it, here it counts as 0.
  const unbiased = squares.map((sum) => sum / Math.max(count - 1, 1))
  const vectors = [mean, unbiased, mean, inverseDeviation].map((values) =>
    infoOf(backend, Float32Array.from(values), info.scale.shape),
  )
  return [infoOf(backend, y, info.x.shape), ...vectors]
}

/**
 * With x̂ = (x - mean) / deviation over n values: dScale = Σdy·x̂, dOffset = Σdy,
 * dx = scale / deviation · (dy - dOffset / n - x̂ · dScale / n).
 */
const trainingNormGradient: KernelFunc = ({ inputs, backend }) => {
  const info = inputs as Record<'dy' | 'x' | 'scale' | 'saved0' | 'saved1', TensorInfo>
  const [dy, x, scale] = [valuesOf(backend, info.dy), valuesOf(backend, info.x), valuesOf(backend, info.scale)]
  const [mean, inverse] = [valuesOf(backend, info.saved0), valuesOf(backend, info.saved1)]
  const channels = scale.length
  const count = x.length / channels
  const dScale = new Float64Array(channels)
  const dOffset = new Float64Array(channels)
  for (let i = 0; i < x.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      const slope = dy[i + c] as number
      dOffset[c] = (dOffset[c] as number) + slope
      dScale[c] = (dScale[c] as number) + slope * ((x[i + c] as number) - (mean[c] as number))
    }
  }
  for (let c = 0; c < channels; c++) dScale[c] = (dScale[c] as number) * (inverse[c] as number)
  const factor = Float64Array.from(scale, (gamma, c) => gamma * (inverse[c] as number))
  const shift = dOffset.map((sum) => sum / count)
  const tilt = dScale.map((sum, c) => (sum * (inverse[c] as number)) / count)
  const dx = new Float32Array(x.length)
  for (let i = 0; i < x.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      const centred = (x[i + c] as number) - (mean[c] as number)
      dx[i + c] = (factor[c] as number) * ((dy[i + c] as number) - (shift[c] as number) - centred * (tilt[c] as number))
    }
  }
  return [
    infoOf(backend, dx, info.x.shape),
    infoOf(backend, Float32Array.from(dScale), info.scale.shape),
    infoOf(backend, Float32Array.from(dOffset), info.scale.shape),
  ]
}

const reluGradient: KernelFunc = ({ inputs, backend }) => {
  const info = inputs as Record<'dy' | 'y', TensorInfo>
  const y = valuesOf(backend, info.y)
  // A copy: the backend may have handed out its own memory.
  const dx = valuesOf(backend, info.dy).slice()
  for (let i = 0; i < dx.length; i++) if (!((y[i] as number) > 0)) dx[i] = 0
  return infoOf(backend, dx, info.dy.shape)
}

function channelMeans(x: Float32Array, channels: number): Float64Array {
  const means = new Float64Array(channels)
  for (let i = 0; i < x.length; i += channels) {
    for (let c = 0; c < channels; c++) means[c] = (means[c] as number) + (x[i + c] as number)
  }
  return means.map((sum) => (sum * channels) / x.length)
}
