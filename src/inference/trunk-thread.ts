/**
 * A trunk's session in a thread of its own: ONNX Runtime for Node holds the thread that runs it until it is done, and a
 * server has to answer meanwhile.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { projectFile } from '../config/project-root.js'
import { forbidTelemetry } from '../config/telemetry.js'
import type { SessionOptions, Sight } from './sessions.js'

/**
 * Pictures are handed over, [3, imageSize, imageSize] with a buffer of its own each: whoever gave one cannot read it again,
 * nor hand it over again. Once the thread has ended, all that wait for it and all that ask it are told so.
 */
export interface TrunkThread {
  /**
   * @param pictures of one size
   * @returns [2048] of each
   */
  features(pictures: readonly Float32Array[]): Promise<Float32Array[]>
  see(picture: Float32Array): Promise<Sight>
  /** Resolves when the thread has ended, released or not. */
  readonly ended: Promise<void>
  release(): Promise<void>
}

export interface TrunkThreadData {
  readonly graph: Uint8Array
  readonly options: SessionOptions
}

/** What a thread is asked for. */
export type TrunkTask =
  { readonly what: 'release' } | { readonly what: 'features' | 'see'; readonly pictures: readonly Float32Array[] }

export interface TrunkQuestion {
  readonly id: number
  readonly task: TrunkTask
}

export type TrunkAnswer = { readonly id: number } & ({ readonly result: unknown } | { readonly error: unknown })

interface Waiting {
  resolve(result: unknown): void
  reject(reason: unknown): void
}

/**
 * Resolves once it is loaded.
 * @param graph as seeingTrunkGraph writes it; handed over, not copied
 */
export async function openTrunkThread(graph: Uint8Array, { threads }: SessionOptions = {}): Promise<TrunkThread> {
  // A thread's own environment is a copy, which native code does not see.
  forbidTelemetry()
  const workerData: TrunkThreadData = { graph, options: threads === undefined ? {} : { threads } }
  const worker = new Worker(projectFile('dist', 'src', 'inference', 'trunk.worker.js'), {
    workerData,
    transferList: graph.buffer instanceof ArrayBuffer ? [graph.buffer] : [],
  })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  // An error of the worker rejects this.
  await Promise.race([once(worker, 'message'), ended.then(() => Promise.reject(threadEnded()))])
  const ask = askThread(worker)
  return {
    features: async (pictures) => (await ask({ what: 'features', pictures })) as Float32Array[],
    see: async (picture) => (await ask({ what: 'see', pictures: [picture] })) as Sight,
    ended,
    release: async () => {
      try {
        await ask({ what: 'release' })
      } finally {
        await worker.terminate()
      }
    },
  }
}

function askThread(worker: Worker): (task: TrunkTask) => Promise<unknown> {
  const waiting = new Map<number, Waiting>()
  let asked = 0
  let hasEnded = false
  const fail = (reason: unknown): void => {
    for (const each of waiting.values()) each.reject(reason)
  }
  worker.on('message', (answer: TrunkAnswer) => {
    if ('error' in answer) waiting.get(answer.id)?.reject(answer.error)
    else waiting.get(answer.id)?.resolve(answer.result)
  })
  worker.on('error', fail)
  worker.on('messageerror', fail)
  worker.on('exit', () => {
    hasEnded = true
    fail(threadEnded())
  })
  // What waits for an answer keeps the process; a session that is only there does not.
  worker.unref()
  return async (task) => {
    if (hasEnded) throw threadEnded()
    const buffers = buffersOf(task)
    const id = ++asked
    worker.ref()
    try {
      return await new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        // Handed over, not copied: what many pictures leave behind here keeps the collector of a great heap busy.
        worker.postMessage({ id, task } satisfies TrunkQuestion, buffers)
      })
    } finally {
      waiting.delete(id)
      if (waiting.size === 0) worker.unref()
    }
  }
}

/** @throws Error for a buffer that was handed over before: it is empty now, and the thread could not read the question. */
function buffersOf(task: TrunkTask): ArrayBuffer[] {
  if (task.what === 'release') return []
  return task.pictures.map(({ buffer }) => {
    if (buffer.byteLength === 0) throw new Error("A picture's buffer is empty: it was handed over to a thread before.")
    return buffer as ArrayBuffer
  })
}

function threadEnded(): Error {
  return new Error("The trunk's thread has ended.")
}
