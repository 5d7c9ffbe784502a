/** Named weights, as PyTorch's state dictionaries hold them. */

/** `data` is row-major; its length is the product of `shape`. */
export interface Tensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export type StateDict = ReadonlyMap<string, Tensor>

/** Weights that cannot be used; the message says what is wrong with them. */
export class WeightsError extends Error {
  override readonly name = 'WeightsError'
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

/** @throws WeightsError where `name` is missing */
export function tensorOf(tensors: StateDict, name: string): Tensor {
  const tensor = tensors.get(name)
  if (tensor === undefined) throw new WeightsError(`The tensor ${name} is missing.`)
  return tensor
}
