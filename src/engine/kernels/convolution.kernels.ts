/**
 * The convolution's gradients for WebAssembly and `cpu`, made of what those do quickly: products and convolutions.
 * WebAssembly has no filter gradient, and an input gradient ten times slower than its convolution; both of `cpu`'s are a
 * hundred times slower than its convolution.
 */
import {
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  type KernelConfig,
  type Tensor,
  type Tensor4D,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import type { Tf } from '../engine.type.js'
import { valuesOf } from './values.js'

interface Attributes {
  strides: [number, number]
  pad: 'valid' | 'same'
}

export function convolutionKernels(tf: Tf, backendName: 'wasm' | 'cpu'): KernelConfig[] {
  return [
    {
      kernelName: Conv2DBackpropFilter,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>
        const { filterShape, ...attributes } = attrs as unknown as Attributes & { filterShape: Shape }
        const window = windowOf({ x: x.shape, dy: dy.shape, filter: filterShape }, attributes)
        return filterGradient(tf, { x: valuesOf(backend, x), dy: dy as Tensor4D, window })
      },
    },
    {
      kernelName: Conv2DBackpropInput,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const { dy, filter } = inputs as Record<'dy' | 'filter', TensorInfo>
        const { inputShape, ...attributes } = attrs as unknown as Attributes & { inputShape: Shape }
        const window = windowOf({ x: inputShape, dy: dy.shape, filter: filter.shape }, attributes)
        return inputGradient(tf, { dy: valuesOf(backend, dy), filter: valuesOf(backend, filter), window })
      },
    },
  ]
}

type Shape = [number, number, number, number]

/** Which input each output of a convolution saw. */
interface Window {
  batch: number
  /** Of the input, the output and the filter: [height, width, channels]. */
  input: [number, number, number]
  output: [number, number, number]
  kernel: [number, number]
  stride: number
  /** Rows and columns of zeros before the input. */
  before: [number, number]
}

function windowOf(
  shapes: Readonly<Record<'x' | 'dy' | 'filter', readonly number[]>>,
  { strides: [stride], pad }: Attributes,
): Window {
  const [batch, height, width, channels] = shapes.x as Shape
  const [, outHeight, outWidth, outChannels] = shapes.dy as Shape
  const [kernelHeight, kernelWidth] = shapes.filter as Shape
  // TensorFlow's "same": what the windows stick out by, the smaller half before the input.
  const before = (length: number, out: number, kernel: number): number =>
    pad === 'valid' ? 0 : Math.floor(Math.max((out - 1) * stride + kernel - length, 0) / 2)
  return {
    batch,
    input: [height, width, channels],
    output: [outHeight, outWidth, outChannels],
    kernel: [kernelHeight, kernelWidth],
    stride,
    before: [before(height, outHeight, kernelHeight), before(width, outWidth, kernelWidth)],
  }
}

/** A filter's entry is the product of the inputs that it saw with the slopes at its outputs: [k·in, n] times [n, out]. */
function filterGradient(tf: Tf, { x, dy, window }: { x: Float32Array; dy: Tensor4D; window: Window }): Tensor {
  const { kernel, input, output } = window
  const positions = window.batch * output[0] * output[1]
  return tf.tidy(() => {
    const slopes = tf.reshape(dy, [positions, output[2]])
    const rows = Array.from({ length: kernel[0] }, (_, row) =>
      tf.matMul(tf.tensor2d(seenBy(x, window, row), [kernel[1] * input[2], positions]), slopes),
    )
    return tf.reshape(rows.length === 1 ? (rows[0] as Tensor) : tf.concat(rows, 0), [...kernel, input[2], output[2]])
  })
}

/** Positions at a time, so that what is written with a stride stays in the processor's cache. */
const BLOCK = 64

/** The inputs under one row of the kernel: [kernel width · channels, outputs], transposed already. */
function seenBy(x: Float32Array, window: Window, row: number): Float32Array {
  const { batch, input, output, kernel, stride, before } = window
  const [height, width, channels] = input
  const [outHeight, outWidth] = output
  const positions = batch * outHeight * outWidth
  const seen = new Float32Array(kernel[1] * channels * positions)
  const sources = new Int32Array(BLOCK)
  for (let column = 0; column < kernel[1]; column++) {
    for (let from = 0; from < positions; from += BLOCK) {
      const count = Math.min(BLOCK, positions - from)
      for (let i = 0; i < count; i++) {
        const position = from + i
        const outColumn = position % outWidth
        const outRow = Math.floor(position / outWidth) % outHeight
        const picture = Math.floor(position / (outWidth * outHeight))
        const y = outRow * stride + row - before[0]
        const xAt = outColumn * stride + column - before[1]
        const inside = y >= 0 && y < height && xAt >= 0 && xAt < width
        sources[i] = inside ? ((picture * height + y) * width + xAt) * channels : -1
      }
      for (let c = 0; c < channels; c++) {
        const to = (column * channels + c) * positions + from
        for (let i = 0; i < count; i++) {
          const source = sources[i] as number
          if (source >= 0) seen[to + i] = x[source + c] as number
        }
      }
    }
  }
  return seen
}

/** Every input's slope is a convolution too: of the slopes at the outputs, apart as far as the windows were, by the filter turned. */
function inputGradient(
  tf: Tf,
  { dy, filter, window }: { dy: Float32Array; filter: Float32Array; window: Window },
): Tensor {
  const { batch, input, output, kernel } = window
  const spread: Shape = [batch, input[0] + kernel[0] - 1, input[1] + kernel[1] - 1, output[2]]
  return tf.tidy(() =>
    tf.conv2d(tf.tensor4d(apart(dy, window, spread), spread), tf.tensor4d(...turned(filter, window)), 1, 'valid'),
  )
}

/** The slopes where their windows ended, zeros between and around them. */
function apart(dy: Float32Array, window: Window, [batch, height, width, channels]: Shape): Float32Array {
  const { output, kernel, stride, before } = window
  const [outHeight, outWidth] = output
  const spread = new Float32Array(batch * height * width * channels)
  for (let line = 0; line < batch * outHeight; line++) {
    const y = (line % outHeight) * stride + kernel[0] - 1 - before[0]
    const picture = Math.floor(line / outHeight)
    for (let column = 0; column < outWidth; column++) {
      const x = column * stride + kernel[1] - 1 - before[1]
      const from = (line * outWidth + column) * channels
      spread.set(dy.subarray(from, from + channels), ((picture * height + y) * width + x) * channels)
    }
  }
  return spread
}

/** The filter [h, w, in, out] turned by half a turn, in and out exchanged. */
function turned(filter: Float32Array, { kernel, input, output }: Window): [values: Float32Array, shape: Shape] {
  const [inputs, outputs] = [input[2], output[2]]
  const values = new Float32Array(filter.length)
  const taps = kernel[0] * kernel[1]
  for (let tap = 0; tap < taps; tap++) {
    const from = tap * inputs * outputs
    const to = (taps - 1 - tap) * inputs * outputs
    for (let block = 0; block < inputs; block += BLOCK) {
      const end = Math.min(block + BLOCK, inputs)
      for (let o = 0; o < outputs; o++) {
        for (let i = block; i < end; i++) values[to + o * inputs + i] = filter[from + i * outputs + o] as number
      }
    }
  }
  return [values, [...kernel, outputs, inputs]]
}
