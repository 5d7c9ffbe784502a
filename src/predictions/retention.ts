/**
 * GRAFT_PREDICTION_DAYS: predictions are forgotten after so many days, and with them pictures that only they showed. Their
 * features are forgotten sooner, once an alias has newer ones.
 */
import type { Logger } from 'pino'
import type { BlobStore } from '../storage/blob-store.js'
import type { PredictionRepository } from './prediction.repository.js'

interface Rooms {
  readonly predictions: PredictionRepository
  readonly storage: BlobStore
  readonly log: Logger
}

const EVERY_MS = 60 * 60 * 1000

/** At once and every hour. Several servers may do it at a time. @returns what stops it */
export function startRetention(rooms: Rooms, days: number | undefined): () => Promise<void> {
  let running = Promise.resolve()
  const forgetAll = async (): Promise<void> => {
    if (days !== undefined) await forgetOldPredictions(rooms, days)
    await rooms.predictions.forgetOldFeatures()
  }
  const forget = (): void => {
    running = forgetAll().catch((error: unknown) => {
      rooms.log.warn({ err: error }, 'Old predictions could not be deleted; trying again in an hour')
    })
  }
  forget()
  const timer = setInterval(forget, EVERY_MS)
  return () => {
    clearInterval(timer)
    return running
  }
}

/** A picture that was put again a moment ago is about to get a row: an import's, or another prediction's. */
const SPARED_MS = 60 * 60 * 1000

export async function forgetOldPredictions(
  { predictions, storage }: Pick<Rooms, 'predictions' | 'storage'>,
  days: number,
): Promise<void> {
  for (const sha256 of await predictions.deleteOlderThan(days)) {
    const kept = await storage.stat(sha256)
    if (kept !== null && Date.now() - kept.putAt.getTime() > SPARED_MS) await storage.delete(sha256)
  }
}
