/**
 * Weights as they are trained: a linear layer's [in, out], so that the forward pass multiplies without transposing
 * (transposing 1024x2048 takes WebAssembly three times as long as the product), and a convolution's [height, width, in,
 * out], as TensorFlow wants it. State dictionaries hold [out, in] and [out, in, height, width].
 */
import type { Tensor as TfTensor, Variable } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine/engine.type.js'
import type { StateDict, Tensor } from '../network/weights.js'

/** `name` as in the state dictionary. */
export interface Parameter {
  readonly name: string
  readonly variable: Variable
}

/** By rank: the state dictionary's axes in the order in which they are trained, and back. */
const INWARD: Readonly<Record<number, number[]>> = { 2: [1, 0], 4: [2, 3, 1, 0] }
const OUTWARD: Readonly<Record<number, number[]>> = { 2: [1, 0], 4: [3, 2, 0, 1] }

export function uploadParameter(tf: Tf, name: string, tensor: Tensor): Parameter {
  return { name, variable: uploadTensor(tf, tensor) }
}

export function uploadTensor(tf: Tf, { shape, data }: Tensor): Variable {
  return tf.tidy(() => {
    const tensor = tf.tensor(data, [...shape])
    return tf.variable(shape.length < 2 ? tensor : tf.transpose(tensor, INWARD[shape.length]))
  })
}

export async function downloadTensor(tf: Tf, trained: TfTensor): Promise<Tensor> {
  const tensor = tf.tidy(() => (trained.rank < 2 ? trained.clone() : tf.transpose(trained, OUTWARD[trained.rank])))
  const data = (await tensor.data()) as Float32Array
  tensor.dispose()
  // A backend may hand out a view of memory that it will use again.
  return { shape: tensor.shape, data: data.slice() }
}

export async function downloadParameters(tf: Tf, parameters: readonly Parameter[]): Promise<StateDict> {
  const tensors = new Map<string, Tensor>()
  for (const { name, variable } of parameters) tensors.set(name, await downloadTensor(tf, variable))
  return tensors
}

export function disposeParameters(parameters: readonly Parameter[]): void {
  for (const { variable } of parameters) variable.dispose()
}
