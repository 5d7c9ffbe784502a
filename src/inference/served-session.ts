/** Sessions as a server holds them: many callers share one, and what comes meanwhile runs together. */
import type { StateDict } from '../network/weights.js'
import { batchSize } from './batch-size.js'
import { createBatcher, type Batcher } from './batcher.js'
import { createLimiter, type Limiter } from './limiter.js'
import { inRows, sideOf } from './rows.js'
import type { Pooled } from './session.pool.js'
import type { GradientSession, HeadSession, Sight } from './sessions.js'
import type { TrunkThread } from './trunk-thread.js'

export interface ServedTrunkSession extends Pooled {
  /**
   * @param pixels [3, imageSize, imageSize], handed over: it cannot be read again
   * @returns [2048]
   */
  features(pixels: Float32Array): Promise<Float32Array>
  /** In turn with the batches of features, by itself; handed over as well. */
  see(pixels: Float32Array): Promise<Sight>
}

export type ServedGradientSession = Pooled & Pick<GradientSession, 'gradient'>

export interface ServedHeadSession extends Pooled {
  /**
   * @param features [2048]
   * @returns [classes]
   */
  probabilities(features: Float32Array): Promise<Float32Array>
}

export interface TrunkTurns {
  /** Trunks take turns: one run uses all threads. */
  readonly limit: Limiter
  /** Waits for pictures that are being decoded. */
  gather(): Promise<void>
}

export function serveTrunk(thread: TrunkThread, bytes: number, turns: TrunkTurns): ServedTrunkSession {
  /** By the side of a picture: a batch is of one size. */
  const batchers = new Map<number, Batcher<Float32Array, Float32Array>>()
  const batcherOf = (imageSize: number): Batcher<Float32Array, Float32Array> => {
    const known = batchers.get(imageSize)
    const batcher =
      known ?? createBatcher({ most: batchSize(imageSize), ...turns, run: (pictures) => thread.features(pictures) })
    batchers.set(imageSize, batcher)
    return batcher
  }
  return {
    bytes,
    features: (pixels) => batcherOf(sideOf(pixels)).add(pixels),
    see: (pixels) => turns.limit(() => thread.see(pixels)),
    ended: thread.ended,
    release: () => thread.release(),
  }
}

const HEAD_BATCH = 256

export function serveHead(session: HeadSession, bytes: number): ServedHeadSession {
  const batcher = createBatcher({
    most: HEAD_BATCH,
    limit: createLimiter(1),
    run: (rows: readonly Float32Array[]) =>
      inRows(rows, async (features) => (await session.logProbabilities(features, rows.length)).map(Math.exp)),
  })
  return { bytes, probabilities: (features) => batcher.add(features), release: () => session.release() }
}

export function serveGradient(session: GradientSession, bytes: number): ServedGradientSession {
  const limit = createLimiter(1)
  return {
    bytes,
    gradient: (features, classIndex) => limit(() => session.gradient(features, classIndex)),
    release: () => session.release(),
  }
}

export function bytesOf(weights: StateDict): number {
  return [...weights.values()].reduce((sum, tensor) => sum + tensor.data.byteLength, 0)
}
