/**
 * TensorFlow's own Adam, which moves weights and moments in one pass over them and in place (Kingma and Ba, 2015, algorithm
 * 1, rearranged as at the end of section 2): m = β1·m + (1 - β1)·g, v = β2·v + (1 - β2)·g², weight - rate · m / (√v +
 * epsilon).
 *
 * It works on resource variables, which TensorFlow.js does not have. The moments live in nameless ones; the weight in one
 * that shares its memory with the tensor that TensorFlow.js computes with. Whoever else held that memory would make
 * TensorFlow copy it, so that the tensor is given up before each step and read anew after it. A nameless variable ends with
 * its handle.
 */
import { keep, type Tensor, type TensorInfo, type Variable } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine.type.js'
import type { AdamRates } from './adam-step.js'
import { flag, floatType, shapeOf, text, type NativeBackend } from './native.backend.js'

/** A weight with its moments. */
export interface NativeAdam {
  step(gradient: Tensor, rates: AdamRates): void
  /** Copies, which are the caller's to free. */
  moments(): { m: Tensor; v: Tensor }
  /** Leaves the weight as it is. */
  dispose(): void
}

/** @returns what opens one for each weight of a run; null on other backends */
export function nativeAdam(tf: Tf): ((weight: Variable, moments: { m: Tensor; v: Tensor }) => NativeAdam) | null {
  if (tf.getBackend() !== 'tensorflow') return null
  const native = tf.backend() as NativeBackend
  return (weight, { m, v }) => openAdam(native, weight, { m, v })
}

function openAdam(native: NativeBackend, weight: Variable, moments: { m: Tensor; v: Tensor }): NativeAdam {
  const [w, m, v] = [variableOf(native, weight), variableOf(native, moments.m), variableOf(native, moments.v)]
  const attributes = [floatType(native, 'T'), flag(native, 'use_locking', false), flag(native, 'use_nesterov', false)]
  let shared = weight.dataId
  return {
    step: (gradient, { rate, beta1, beta2, epsilon }) => {
      // Someone else has changed the weight, as decay does.
      if (weight.dataId !== shared) assign(native, w, weight)
      native.disposeData(weight.dataId, true)
      // The rate is corrected already: powers of zero leave it as it is.
      const scalars = [0, 0, rate, beta1, beta2, epsilon].map((value) => scalar(native, value))
      native.executeMultipleOutputs('ResourceApplyAdam', attributes, [w, m, v, ...scalars, gradient], 0)
      for (const { dataId } of scalars) native.disposeData(dataId)
      weight.assign(read(native, w))
      shared = weight.dataId
    },
    moments: () => ({ m: read(native, m), v: read(native, v) }),
    dispose: () => {
      for (const handle of [w, m, v]) handle.dispose()
    },
  }
}

/** What TensorFlow takes for "no name" (ResourceHandle::ANONYMOUS_NAME). */
const NAMELESS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347'

/** @returns the handle of a variable that has the tensor's values */
function variableOf(native: NativeBackend, tensor: Tensor): Tensor {
  const names = [text(native, 'container', ''), text(native, 'shared_name', NAMELESS)]
  const attributes = [floatType(native, 'dtype'), shapeOf(native, 'shape', tensor.shape), ...names]
  const handle = keep(native.executeMultipleOutputs('VarHandleOp', attributes, [], 1)[0] as Tensor)
  assign(native, handle, tensor)
  return handle
}

function assign(native: NativeBackend, handle: Tensor, tensor: Tensor): void {
  native.executeMultipleOutputs('AssignVariableOp', [floatType(native, 'dtype')], [handle, tensor], 0)
}

function read(native: NativeBackend, handle: Tensor): Tensor {
  return native.executeMultipleOutputs('ReadVariableOp', [floatType(native, 'dtype')], [handle], 1)[0] as Tensor
}

function scalar(native: NativeBackend, value: number): TensorInfo {
  return { dataId: native.write(Float32Array.of(value), [], 'float32'), shape: [], dtype: 'float32' }
}
