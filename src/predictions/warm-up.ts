/** Makes the first call after a start as quick as any other, for checkpoints that have an alias. */
import type { Logger } from 'pino'
import type { Classifier } from '../inference/classifier.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { ModelRepository } from './model.repository.js'
import { servedModel } from './served-model.js'

interface Rooms {
  readonly models: ModelRepository
  readonly classifier: Classifier
  readonly storage: BlobStore
  readonly log: Logger
}

/** One after the other, so that requests come in between; the newest aliases last, which the budget then keeps. */
export async function warmUp({ models, classifier, storage, log }: Rooms, signal: AbortSignal): Promise<void> {
  for (const model of await models.aliased()) {
    if (signal.aborted) return
    const grey = (): Promise<Float32Array> => Promise.resolve(new Float32Array(3 * model.imageSize ** 2))
    await classifier.classify(servedModel(model, storage), grey).catch((error: unknown) => {
      log.warn({ err: error, checkpointId: model.checkpointId }, 'A checkpoint with an alias could not be made ready')
    })
  }
}

/** @returns what stops it */
export function startWarmUp(rooms: Rooms): () => Promise<void> {
  const stopping = new AbortController()
  const warming = warmUp(rooms, stopping.signal).catch((error: unknown) => {
    rooms.log.warn({ err: error }, 'Checkpoints with an alias could not be made ready')
  })
  return () => {
    stopping.abort()
    return warming
  }
}
