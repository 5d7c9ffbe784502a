/** How kernels of the native TensorFlow are called by name. */
import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core'

/** The part of tfjs-node's backend that is used; its own types bring in all of TensorFlow.js. */
export interface NativeBackend extends KernelBackend {
  readonly binding: Readonly<Record<string, number>>
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: TensorInfo[], outputs: number): Tensor[]
}

export interface Attribute {
  name: string
  type: number | undefined
  value: unknown
}

export function floatType({ binding }: NativeBackend, name: string): Attribute {
  return { name, type: binding['TF_ATTR_TYPE'], value: binding['TF_FLOAT'] }
}

export function float({ binding }: NativeBackend, name: string, value: number): Attribute {
  return { name, type: binding['TF_ATTR_FLOAT'], value }
}

export function flag({ binding }: NativeBackend, name: string, value: boolean): Attribute {
  return { name, type: binding['TF_ATTR_BOOL'], value }
}

export function text({ binding }: NativeBackend, name: string, value: string): Attribute {
  return { name, type: binding['TF_ATTR_STRING'], value }
}

export function shapeOf({ binding }: NativeBackend, name: string, value: number[]): Attribute {
  return { name, type: binding['TF_ATTR_SHAPE'], value }
}
