/**
 * Starts the library that trains. TensorFlow.js has one engine in a process, so that one `Engine` is used at a time.
 *
 * `auto` is the native TensorFlow where its compiled binding is in place, else WebAssembly, else plain JavaScript.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus } from 'node:os'
import { dirname, join } from 'node:path'
import util from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { RunError } from '../domain/failure.js'
import { BACKENDS, type Backend, type Engine, type EngineChoice } from './engine.type.js'
import { registerTrainingKernels } from './kernels/register.js'
import { bindingPath } from './native/install-tensorflow.js'

/** @throws RunError ENGINE_UNAVAILABLE where the asked one cannot start */
export async function startEngine(choice: EngineChoice): Promise<Engine> {
  // Without this every operation checks its results, and the plain backend prints an advertisement.
  tf.enableProdMode()
  const { backend, passedOver } = choice === 'auto' ? await startFirst() : await startAsked(choice)
  const info = { backend, device: cpus()[0]?.model.trim() ?? 'unknown processor', version: versionOf(backend) }
  return {
    tf,
    info,
    passedOver,
    dispose: () => {
      tf.engine().reset()
    },
  }
}

interface Started {
  backend: Backend
  passedOver: string[]
}

async function startFirst(): Promise<Started> {
  const passedOver: string[] = []
  for (const backend of BACKENDS) {
    if (!isInstalled(backend)) continue
    try {
      await startBackend(backend)
      return { backend, passedOver }
    } catch (reason) {
      passedOver.push(`${backend}: ${messageOf(reason)}`)
    }
  }
  throw unavailable(`No engine starts. ${passedOver.join(' ')}`, 'Put that right')
}

async function startAsked(backend: Backend): Promise<Started> {
  if (!isInstalled(backend)) throw unavailable('The native TensorFlow is not installed.', 'Run "npm run tensorflow"')
  try {
    await startBackend(backend)
    return { backend, passedOver: [] }
  } catch (reason) {
    throw unavailable(`The engine "${backend}" does not start: ${messageOf(reason)}`, 'Put that right')
  }
}

/** The others are packages that are always there. Importing the native one without its binding would throw. */
function isInstalled(backend: Backend): boolean {
  return backend !== 'tensorflow' || existsSync(bindingPath())
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason)
}

function unavailable(message: string, remedy: string): RunError {
  return new RunError('ENGINE_UNAVAILABLE', message, {
    text: `${remedy}, or set GRAFT_ENGINE=auto and start the trainer again, then start or resume the run.`,
    changes: [],
  })
}

async function startBackend(backend: Backend): Promise<void> {
  await IMPORTS[backend]()
  registerTrainingKernels(backend)
  if (!(await tf.setBackend(backend))) throw new Error('TensorFlow.js refuses it.')
  await tf.ready()
}

/** Each registers its backend with the one tfjs-core of the process. */
const IMPORTS: Readonly<Record<Backend, () => Promise<void>>> = {
  tensorflow: async () => {
    // The package of 2024 calls what Node 23 removed.
    Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined })
    await import('@tensorflow/tfjs-node-gpu')
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

/**
 * Figures may differ between thread counts, so that they belong to the version. WebAssembly has one thread: the
 * threaded build needs a browser's workers and does not start in Node.
 */
function versionOf(backend: Backend): string {
  const threads = backend === 'tensorflow' ? availableParallelism() : 1
  const native = backend === 'tensorflow' ? `, TensorFlow ${nativeVersion()}` : ''
  return `tfjs ${tf.version_core}${native}, ${String(threads)} ${threads === 1 ? 'thread' : 'threads'}`
}

function nativeVersion(): string {
  const { binding } = tf.backend() as unknown as { binding?: { TF_Version?: string } }
  return binding?.TF_Version ?? 'unknown'
}
