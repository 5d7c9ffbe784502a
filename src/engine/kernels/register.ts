import * as tf from '@tensorflow/tfjs-core'
import type { Backend } from '../engine.type.js'
import { convolutionKernels } from './convolution.kernels.js'
import { NATIVE_KERNELS } from './native.kernels.js'
import { plainKernels } from './plain.kernels.js'
import { webgpuKernels } from './webgpu.kernels.js'

const done = new Set<Backend>()

/** Gives a backend what it lacks for training convolutions. Once: the registry of kernels outlives an engine. */
export function registerTrainingKernels(backend: Backend): void {
  if (done.has(backend)) return
  done.add(backend)
  for (const kernel of kernelsFor(backend)) {
    const present = tf.getKernelsForBackend(backend).some(({ kernelName }) => kernelName === kernel.kernelName)
    if (present) tf.unregisterKernel(kernel.kernelName, backend)
    tf.registerKernel(kernel)
  }
}

function kernelsFor(backend: Backend): readonly tf.KernelConfig[] {
  if (backend === 'tensorflow') return NATIVE_KERNELS
  if (backend === 'webgpu') return webgpuKernels(tf)
  return [...plainKernels(backend), ...convolutionKernels(tf, backend)]
}
