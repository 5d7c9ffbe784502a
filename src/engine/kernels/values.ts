import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'

/** Single-precision values of a kernel's input, row-major. Only to be read: they may be the backend's own memory. */
export function valuesOf(backend: unknown, { dataId }: TensorInfo): Float32Array {
  return (backend as KernelBackend).readSync(dataId) as Float32Array
}

/** A kernel's output. */
export function infoOf(backend: unknown, values: Float32Array, shape: number[]): TensorInfo {
  return { dataId: (backend as KernelBackend).write(values, shape, 'float32'), shape, dtype: 'float32' }
}
