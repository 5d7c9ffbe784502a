/** The engine of this process, which runs share unless one of them is pinned to another backend. */
import { RunError } from '../domain/failure.js'
import { chooseEngine } from '../engine/choose-engine.js'
import { startEngine } from '../engine/engine.js'
import { computationOf } from '../features/feature-recipe.js'
import type { Backend, Engine, EngineChoice, EngineInfo } from '../engine/engine.type.js'

export interface EngineRoom {
  /** Of the engine that runs get; null if the configured one does not start. */
  readonly info: EngineInfo | null
  /** Of trunks, that this process can do: none without an engine. */
  readonly computations: readonly string[]
  /** What `auto` passed over although it is installed, and why. */
  readonly passedOver: readonly string[]
  /**
   * @param pinned null for the configured one
   * @throws RunError ENGINE_UNAVAILABLE
   */
  engineFor(pinned: Backend | null): Promise<Engine>
}

/** @param directory the data folder, where `auto` keeps what it chose */
export async function createEngineRoom(choice: EngineChoice, directory: string): Promise<EngineRoom> {
  const starting = choice === 'auto' ? chooseEngine(directory) : startEngine(choice)
  const configured = await starting.catch((error: unknown) => {
    if (error instanceof RunError) return error
    throw error
  })
  if (configured instanceof RunError)
    return { info: null, computations: [], passedOver: [], engineFor: () => Promise.reject(configured) }
  // TensorFlow.js has one engine in a process: whoever wants another backend switches it.
  let current = configured
  return {
    info: configured.info,
    computations: [computationOf(), ...(configured.onGpu ? [computationOf(configured.info)] : [])],
    passedOver: configured.passedOver,
    engineFor: async (pinned) => {
      const backend = pinned ?? configured.info.backend
      const broken = current.isBroken()
      if (broken) current.dispose()
      if (broken || current.info.backend !== backend) current = await startEngine(backend)
      return current
    },
  }
}
