/**
 * Weights as they are trained: a linear layer's [in, out], so that the forward pass multiplies without transposing
 * (transposing 1024x2048 takes WebAssembly three times as long as the product), and a convolution's [height, width, in,
 * out], as TensorFlow wants it. State dictionaries hold [out, in] and [out, in, height, width].
 */
import type { Variable } from '@tensorflow/tfjs-core'
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

export function uploadParameter(tf: Tf, name: string, { shape, data }: Tensor): Parameter {
  const variable = tf.tidy(() => {
    const tensor = tf.tensor(data, [...shape])
    return tf.variable(shape.length < 2 ? tensor : tf.transpose(tensor, INWARD[shape.length]))
  })
  return { name, variable }
}

export async function downloadParameter(tf: Tf, { variable }: Parameter): Promise<Tensor> {
  const tensor = tf.tidy(() => (variable.rank < 2 ? variable.clone() : tf.transpose(variable, OUTWARD[variable.rank])))
  const data = (await tensor.data()) as Float32Array
  tensor.dispose()
  // A backend may hand out a view of memory that it will use again.
  return { shape: tensor.shape, data: data.slice() }
}

export async function downloadParameters(tf: Tf, parameters: readonly Parameter[]): Promise<StateDict> {
  const tensors = new Map<string, Tensor>()
  for (const parameter of parameters) tensors.set(parameter.name, await downloadParameter(tf, parameter))
  return tensors
}

export function disposeParameters(parameters: readonly Parameter[]): void {
  for (const { variable } of parameters) variable.dispose()
}
