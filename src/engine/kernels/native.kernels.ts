/** What the native TensorFlow has and TensorFlow.js does not offer: its fused kernels for training, called by name. */
import { BatchMatMul, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core'
import { flag, float, floatType, text, type Attribute, type NativeBackend } from './native.backend.js'
import { TRAINING_NORM, TRAINING_NORM_GRADIENT } from './training-norm.js'
import { RELU_GRADIENT } from './relu-gradient.js'

type NativeKernel = (
  backend: NativeBackend,
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: Attributes,
) => TensorInfo | TensorInfo[]

/** Of all kernels here; each reads its own. */
interface Attributes {
  readonly epsilon: number
  readonly transposeA: boolean
  readonly transposeB: boolean
}

export const NATIVE_KERNELS: readonly KernelConfig[] = [
  kernel(TRAINING_NORM, (backend, inputs, { epsilon }) => {
    const { x, scale, offset } = inputs as Record<'x' | 'scale' | 'offset', TensorInfo>
    // An average that takes over the batch's statistics alone reads none from before.
    const none = emptyTensor(backend)
    const attributes = [...normAttributes(backend, epsilon), float(backend, 'exponential_avg_factor', 1)]
    const outputs = backend.executeMultipleOutputs('FusedBatchNormV3', attributes, [x, scale, offset, none, none], 6)
    backend.disposeData(none.dataId)
    return outputs
  }),
  kernel(TRAINING_NORM_GRADIENT, (backend, inputs, { epsilon }) => {
    const { dy, x, scale, saved0, saved1, saved2 } = inputs as Record<string, TensorInfo>
    const all = [dy, x, scale, saved0, saved1, saved2] as TensorInfo[]
    const [dx, dScale, dOffset, ...unused] = backend.executeMultipleOutputs(
      'FusedBatchNormGradV3',
      normAttributes(backend, epsilon),
      all,
      5,
    )
    for (const tensor of unused) tensor.dispose()
    return [dx, dScale, dOffset] as TensorInfo[]
  }),
  kernel(RELU_GRADIENT, (backend, inputs) => {
    const { dy, y } = inputs as Record<'dy' | 'y', TensorInfo>
    return backend.executeMultipleOutputs('ReluGrad', [floatType(backend, 'T')], [dy, y], 1)[0] as TensorInfo
  }),
  // TensorFlow.js asks for batches of products even of two matrices, which takes a tenth of a head's step longer.
  kernel(BatchMatMul, (backend, inputs, { transposeA, transposeB }) => {
    const { a, b } = inputs as Record<'a' | 'b', TensorInfo>
    const areMatrices = a.shape.length === 2 && b.shape.length === 2
    const [op, ofA, ofB] = areMatrices ? ['MatMul', 'transpose_a', 'transpose_b'] : ['BatchMatMulV2', 'adj_x', 'adj_y']
    const attributes = [floatType(backend, 'T'), flag(backend, ofA, transposeA), flag(backend, ofB, transposeB)]
    return backend.executeMultipleOutputs(op, attributes, [a, b], 1)[0] as TensorInfo
  }),
]

function kernel(kernelName: string, run: NativeKernel): KernelConfig {
  return {
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs, backend }) =>
      run(backend as NativeBackend, inputs as Record<string, TensorInfo>, attrs as unknown as Attributes),
  }
}

function normAttributes(backend: NativeBackend, epsilon: number): Attribute[] {
  return [
    floatType(backend, 'T'),
    floatType(backend, 'U'),
    float(backend, 'epsilon', epsilon),
    text(backend, 'data_format', 'NHWC'),
    flag(backend, 'is_training', true),
  ]
}

function emptyTensor(backend: NativeBackend): TensorInfo {
  return { dataId: backend.write(new Float32Array(0), [0], 'float32'), shape: [0], dtype: 'float32' }
}
