import type * as tfjs from '@tensorflow/tfjs-core'

/** TensorFlow.js's operations, whichever backend runs them. */
export type Tf = typeof tfjs

/** In the order in which they are tried: on most machines the quicker one comes first. */
export const BACKENDS = ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const
export type Backend = (typeof BACKENDS)[number]
export type EngineChoice = Backend | 'auto'

/** What a run's figures depend on beside its inputs: the first attempt pins it. */
export interface EngineInfo {
  backend: Backend
  /** The accelerator's name where one computes, else the processor's. */
  device: string
  /** Library and thread count, e.g. "tfjs 4.22.0, 1 thread". */
  version: string
}

export interface Engine {
  readonly tf: Tf
  readonly info: EngineInfo
  /** Whether a graphics processor computes. */
  readonly onGpu: boolean
  /** What `auto` passed over although it is installed, and why: for the log. */
  readonly passedOver: readonly string[]
  /** Whether its device failed: nothing more can be read from it, and only starting it again helps. */
  isBroken(): boolean
  /** Frees the backend; the process can start another engine then. */
  dispose(): void
}
