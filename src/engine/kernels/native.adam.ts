/**
 * TensorFlow's own Adam. It works on resource variables, which TensorFlow.js does not have, so that each step puts the
 * tensors into nameless ones and takes them out again: both only hand over memory. What else still held that memory would
 * make TensorFlow copy it, so the tensors that went in are given up. The nameless variables end with their handles.
 */
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core'
import { ADAM_STEP, type AdamRates } from './adam-step.js'
import { flag, floatType, shapeOf, text, type NativeBackend } from './native.backend.js'

/** What TensorFlow takes for "no name" (ResourceHandle::ANONYMOUS_NAME). */
const NAMELESS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347'

export const NATIVE_ADAM: KernelConfig = {
  kernelName: ADAM_STEP,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const native = backend as NativeBackend
    const { weight, gradient, m, v } = inputs as Record<'weight' | 'gradient' | 'm' | 'v', TensorInfo>
    const { rate, beta1, beta2, epsilon } = attrs as unknown as AdamRates
    const variables = [weight, m, v].map((tensor) => variableOf(native, tensor))
    for (const { dataId } of [weight, m, v]) native.disposeData(dataId, true)
    // The rate is corrected already: powers of zero leave it as it is.
    const scalars = [0, 0, rate, beta1, beta2, epsilon].map((value) => scalar(native, value))
    const attributes = [floatType(native, 'T'), flag(native, 'use_locking', false), flag(native, 'use_nesterov', false)]
    native.executeMultipleOutputs('ResourceApplyAdam', attributes, [...variables, ...scalars, gradient], 0)
    const outputs = variables.flatMap((variable) =>
      native.executeMultipleOutputs('ReadVariableOp', [floatType(native, 'dtype')], [variable], 1),
    )
    for (const { dataId } of [...variables, ...scalars]) native.disposeData(dataId)
    return outputs
  },
}

function variableOf(native: NativeBackend, tensor: TensorInfo): TensorInfo {
  const dtype = floatType(native, 'dtype')
  const names = [text(native, 'container', ''), text(native, 'shared_name', NAMELESS)]
  const attributes = [dtype, shapeOf(native, 'shape', tensor.shape), ...names]
  const handle = native.executeMultipleOutputs('VarHandleOp', attributes, [], 1)[0] as TensorInfo
  native.executeMultipleOutputs('AssignVariableOp', [dtype], [handle, tensor], 0)
  return handle
}

function scalar(native: NativeBackend, value: number): TensorInfo {
  return { dataId: native.write(Float32Array.of(value), [], 'float32'), shape: [], dtype: 'float32' }
}
