/**
 * Programs of our own on TensorFlow.js's WebGPU backend. What is a dozen of its operations is one of these: each operation
 * takes the processor longer to hand over than the GPU to do, and each number in one is a tensor that is uploaded first.
 */
import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine.type.js'

export interface EntryProgram {
  /** Which no other program has. */
  readonly name: string
  /** Of the output. */
  readonly shape: number[]
  /** Arrays that `entry` reads, by their names in it. */
  readonly inputs: Readonly<Record<string, TensorInfo>>
  /** Numbers that it reads as `uniforms.NAME`. */
  readonly numbers?: Readonly<Record<string, number>>
  /** In WGSL: the output's entry `i`, which lies at `c` along the last axis. */
  readonly entry: string
}

/** The part of the backend that is used; its own types need WebGPU's. */
interface WebgpuBackend extends KernelBackend {
  runWebGPUProgram(program: object, inputs: TensorInfo[], dtype: 'float32', uniforms: Uniform[]): TensorInfo
}

interface Uniform {
  type: 'int32' | 'float32'
  data: number[]
}

const WORKGROUP = 128

/** One thread for each entry of the output. */
export function computeEntries(tf: Tf, { name, shape, inputs, numbers = {}, entry }: EntryProgram): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  const program = {
    shaderKey: name,
    variableNames: Object.keys(inputs),
    outputShape: shape,
    workgroupSize: [WORKGROUP, 1, 1],
    dispatchLayout: { x: shape.map((_, axis) => axis) },
    dispatch: [Math.ceil(size / WORKGROUP), 1, 1],
    size: true,
    uniforms: ['channels : i32', ...Object.keys(numbers).map((number) => `${number} : f32`), ''].join(', '),
    getUserCode: () => `
      fn main(i : i32) {
        if (i < uniforms.size) {
          let c = i % uniforms.channels;
          setOutputAtIndex(i, ${entry});
        }
      }`,
  }
  const uniforms: Uniform[] = [
    { type: 'int32', data: [shape.at(-1) ?? 1] },
    ...Object.values(numbers).map((number): Uniform => ({ type: 'float32', data: [number] })),
  ]
  const backend = tf.backend() as WebgpuBackend
  return tf
    .engine()
    .makeTensorFromTensorInfo(backend.runWebGPUProgram(program, Object.values(inputs), 'float32', uniforms))
}
