/** Sessions as a server holds them: many callers share one, and what comes meanwhile runs together. */
import type { StateDict } from '../network/weights.js'
import { batchSize } from './batch-size.js'
import { createBatcher, type Batcher } from './batcher.js'
import { createLimiter, type Limiter } from './limiter.js'
import type { Pooled } from './session.pool.js'
import type { GradientSession, HeadSession, SeeingTrunkSession, Sight } from './sessions.js'

export interface ServedTrunkSession extends Pooled {
  /**
   * @param pixels [3, imageSize, imageSize]
   * @returns [2048]
   */
  features(pixels: Float32Array): Promise<Float32Array>
  /** In turn with the batches of features, by itself. */
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

export function serveTrunk(session: SeeingTrunkSession, bytes: number, turns: TrunkTurns): ServedTrunkSession {
  /** By the side of a picture: a batch is of one size. */
  const batchers = new Map<number, Batcher<Float32Array, Float32Array>>()
  const batcherOf = (imageSize: number): Batcher<Float32Array, Float32Array> => {
    const known = batchers.get(imageSize)
    const run = (pictures: readonly Float32Array[]): Promise<Float32Array[]> =>
      inRows(pictures, (images) => session.features(images, pictures.length, imageSize))
    const batcher = known ?? createBatcher({ most: batchSize(imageSize), ...turns, run })
    batchers.set(imageSize, batcher)
    return batcher
  }
  return {
    bytes,
    features: (pixels) => batcherOf(sideOf(pixels)).add(pixels),
    see: (pixels) => turns.limit(() => session.see(pixels, sideOf(pixels))),
    release: () => session.release(),
  }
}

/** Of a square of three colours. */
function sideOf(pixels: Float32Array): number {
  return Math.sqrt(pixels.length / 3)
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

/** Rows one after the other in, and as many rows out. */
async function inRows(
  rows: readonly Float32Array[],
  compute: (all: Float32Array) => Promise<Float32Array>,
): Promise<Float32Array[]> {
  const [first] = rows
  if (first === undefined) return []
  const all = rows.length === 1 ? first : new Float32Array(rows.length * first.length)
  if (rows.length > 1) for (const [i, row] of rows.entries()) all.set(row, i * first.length)
  const results = await compute(all)
  const width = results.length / rows.length
  // Copies: a row that somebody keeps does not keep the others.
  return rows.map((_, i) => results.slice(i * width, (i + 1) * width))
}
