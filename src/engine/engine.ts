/** Starts the library that trains. TensorFlow.js has one engine in a process, so that one `Engine` is used at a time. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import util from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { RunError } from '../domain/failure.js'
import { nvidiaGpus, processorName } from './devices.js'
import type { Backend, Engine, EngineInfo } from './engine.type.js'
import { registerTrainingKernels } from './kernels/register.js'
import { bindingPath } from './native/binding.js'
import { failReads, openWebgpu, type DeviceBackend, type WebgpuAdapter } from './webgpu.js'

/** @throws RunError ENGINE_UNAVAILABLE where it cannot start */
export async function startEngine(backend: Backend): Promise<Engine> {
  if (!isInstalled(backend)) throw unavailable('The native TensorFlow is not installed.', 'Run "npm run tensorflow"')
  try {
    return await openEngine(backend)
  } catch (reason) {
    throw unavailable(`The engine "${backend}" does not start: ${messageOf(reason)}`, 'Put that right')
  }
}

/** As `startEngine`, with the bare reason where it cannot start. */
export async function openEngine(backend: Backend, passedOver: readonly string[] = []): Promise<Engine> {
  // Without this every operation checks its results, and the plain backend prints an advertisement.
  tf.enableProdMode()
  const adapter = backend === 'webgpu' ? await openWebgpu() : null
  await IMPORTS[backend]()
  registerTrainingKernels(backend)
  if (!(await tf.setBackend(backend))) throw new Error('TensorFlow.js refuses it.')
  await tf.ready()
  const onGpu = backend === 'webgpu' ? adapter?.software === false : backend === 'tensorflow' && nativeUsesGpu()
  const device = deviceOf({ adapter, onGpu })
  const onDevice = adapter === null ? null : (tf.backend() as unknown as DeviceBackend)
  return {
    tf,
    info: { backend, device, version: versionOf(backend, onGpu) },
    onGpu,
    passedOver,
    isBroken: onDevice === null ? () => false : failReads(onDevice),
    dispose: () => {
      tf.engine().reset()
      // TensorFlow.js only lets go of it: what it held would be missing where it is opened again.
      onDevice?.device.destroy()
    },
  }
}

/** The others are packages that are always there. Importing the native one without its binding would throw. */
export function isInstalled(backend: Backend): boolean {
  return backend !== 'tensorflow' || existsSync(bindingPath())
}

export function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason)
}

export function unavailable(message: string, remedy: string): RunError {
  return new RunError('ENGINE_UNAVAILABLE', message, {
    text: `${remedy}, or set GRAFT_ENGINE=auto and start the trainer again, then start or resume the run.`,
    changes: [],
  })
}

/** `MatMulPackedProgram` in the WebGPU backend's enumeration. */
const TILED_MATRIX_PRODUCT = 3

/** Each registers its backend with the one tfjs-core of the process. */
const IMPORTS: Readonly<Record<Backend, () => Promise<void>>> = {
  tensorflow: async () => {
    // The package of 2024 calls what Node 23 removed.
    Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined })
    await import('@tensorflow/tfjs-node-gpu')
  },
  webgpu: async () => {
    await import('@tensorflow/tfjs-backend-webgpu')
    // Its quicker product for few rows adds up in whatever order the threads come: the same run would not repeat itself.
    tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', TILED_MATRIX_PRODUCT)
  },
  wasm: async () => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')
    setWasmPaths(join(dirname(main), 'wasm-out', '/'))
  },
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu')
  },
}

function deviceOf({ adapter, onGpu }: { adapter: WebgpuAdapter | null; onGpu: boolean }): EngineInfo['device'] {
  if (adapter !== null) return adapter.name
  return (onGpu ? nvidiaGpus()[0] : undefined) ?? processorName()
}

/**
 * Figures may differ between thread counts, so that they belong to the version. WebAssembly has one thread: the
 * threaded build needs a browser's workers and does not start in Node.
 */
function versionOf(backend: Backend, onGpu: boolean): string {
  const native = backend === 'tensorflow' ? `, TensorFlow ${nativeBackend().binding?.TF_Version ?? 'unknown'}` : ''
  if (onGpu || backend === 'webgpu') return `tfjs ${tf.version_core}${native}`
  const threads = backend === 'tensorflow' ? availableParallelism() : 1
  return `tfjs ${tf.version_core}${native}, ${String(threads)} ${threads === 1 ? 'thread' : 'threads'}`
}

function nativeUsesGpu(): boolean {
  return nativeBackend().isUsingGpuDevice === true
}

function nativeBackend(): { binding?: { TF_Version?: string }; isUsingGpuDevice?: boolean } {
  return tf.backend() as unknown as { binding?: { TF_Version?: string }; isUsingGpuDevice?: boolean }
}
