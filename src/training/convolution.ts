/**
 * A convolution and its two gradients, with PyTorch's padding: as much on every side. TensorFlow's "same" is that for odd
 * kernels without a stride; with one it pads more behind, so that zeros are laid around by hand.
 *
 * TensorFlow.js has the gradients' kernels, but no operations of its own for them.
 *
 * Inputs [batch, height, width, in], filters [kernel, kernel, in, out], outputs [batch, height / stride, width / stride, out].
 */
import type { NamedAttrMap, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine/engine.type.js'
import type { Convolution } from '../network/resnet50.js'

type Shape = [number, number, number, number]

export function convolve(tf: Tf, conv: Convolution, { x, filter }: { x: Tensor4D; filter: Tensor4D }): Tensor4D {
  return tf.tidy(() => tf.conv2d(padded(tf, conv, x), filter, conv.stride, padding(conv)))
}

/** With a norm folded into filter and bias, and ReLU in the same pass if wanted. */
export function convolveFolded(
  tf: Tf,
  conv: Convolution,
  { x, filter, bias, relu }: { x: Tensor4D; filter: Tensor4D; bias: Tensor1D; relu: boolean },
): Tensor4D {
  const options = { strides: conv.stride, pad: padding(conv), activation: relu ? 'relu' : 'linear' } as const
  return tf.tidy(() => tf.fused.conv2d({ x: padded(tf, conv, x), filter, bias, ...options }))
}

/** @returns the slope of the loss at the input, which has `shape` */
export function inputSlope(
  tf: Tf,
  conv: Convolution,
  { slope, filter, shape }: { slope: Tensor4D; filter: Tensor4D; shape: Shape },
): Tensor4D {
  const around = paddingByHand(conv)
  const inputShape: Shape = [shape[0], shape[1] + 2 * around, shape[2] + 2 * around, shape[3]]
  return tf.tidy(() => {
    const inputs = { dy: slope, filter }
    const gradient = tf.engine().runKernel<Tensor4D>('Conv2DBackpropInput', inputs, { ...attributes(conv), inputShape })
    return around === 0 ? gradient : tf.slice(gradient, [0, around, around, 0], shape)
  })
}

/** @returns the slope of the loss at the filter */
export function filterSlope(tf: Tf, conv: Convolution, { x, slope }: { x: Tensor4D; slope: Tensor4D }): Tensor4D {
  const { kernel, inChannels, outChannels } = conv
  const filterShape: Shape = [kernel, kernel, inChannels, outChannels]
  return tf.tidy(() => {
    const inputs = { x: padded(tf, conv, x), dy: slope }
    return tf.engine().runKernel<Tensor4D>('Conv2DBackpropFilter', inputs, { ...attributes(conv), filterShape })
  })
}

/** Zeros on both sides of height and width. */
export function surround(tf: Tf, x: Tensor4D, by: number): Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [by, by],
    [by, by],
    [0, 0],
  ])
}

function padded(tf: Tf, conv: Convolution, x: Tensor4D): Tensor4D {
  const around = paddingByHand(conv)
  return around === 0 ? x : surround(tf, x, around)
}

function paddingByHand({ stride, padding }: Convolution): number {
  return stride === 1 ? 0 : padding
}

function padding({ stride }: Convolution): 'same' | 'valid' {
  return stride === 1 ? 'same' : 'valid'
}

function attributes(conv: Convolution): NamedAttrMap {
  return { strides: [conv.stride, conv.stride], pad: padding(conv), dataFormat: 'NHWC' }
}
