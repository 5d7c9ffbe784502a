/** Serves checkpoints: one trunk session for all heads that were grafted on it, heads by recent use. */
import { fromHalf, toHalf } from '../network/half.js'
import type { StateDict } from '../network/weights.js'
import { createLimiter } from './limiter.js'
import { createPool } from './session.pool.js'
import {
  createHeadSession,
  createTrunkSession,
  type HeadSession,
  type SessionOptions,
  type TrunkSession,
} from './sessions.js'

export interface ServedTrunk {
  /** What names the trunk: equal keys have equal weights. */
  readonly trunkKey: string
  /** Asked for only when it is not at hand. */
  loadTrunk(): Promise<StateDict>
}

/** A checkpoint as far as serving goes. */
export interface ServedModel extends ServedTrunk {
  /** What names the head: equal keys have equal weights, so the checkpoint file's sha256 serves. */
  readonly key: string
  /** Asked for only when it is not at hand. */
  loadHead(): Promise<StateDict>
}

export interface ClassifierOptions extends SessionOptions {
  /** Trunk sessions kept, 200 MB each; 2 by default. */
  readonly maxTrunks?: number
  /** Heads kept, 10 MB each by default; 32 by default. */
  readonly maxHeads?: number
  /** Trunk runs at a time; 1 by default, since one uses all threads. */
  readonly concurrency?: number
}

export interface Classifier {
  /**
   * @param pixels [3, imageSize, imageSize], as images/ preprocesses them
   * @returns the trunk's pooled features [2048], in single precision
   * @throws whatever loading the trunk throws; the next call tries again
   */
  features(trunk: ServedTrunk, pixels: Float32Array): Promise<Float32Array>
  /**
   * @param pixels [3, imageSize, imageSize], as images/ preprocesses them for the model's imageSize
   * @returns one probability for each class, in class order, summing to 1
   * @throws whatever loading the model throws; the next call tries again
   */
  probabilities(model: ServedModel, pixels: Float32Array): Promise<Float32Array>
  /** Lets go of all sessions, those in use when they are done. */
  close(): Promise<void>
}

export function createClassifier(options: ClassifierOptions = {}): Classifier {
  const trunks = createPool(options.maxTrunks ?? 2, (trunk: TrunkSession) => trunk.release())
  const heads = createPool(options.maxHeads ?? 32, (head: HeadSession) => head.release())
  const limit = createLimiter(options.concurrency ?? 1)

  const features = (served: ServedTrunk, pixels: Float32Array): Promise<Float32Array> =>
    trunks.use(
      served.trunkKey,
      async () => createTrunkSession(await served.loadTrunk(), options),
      (trunk) => limit(() => trunk.features(pixels, 1, Math.sqrt(pixels.length / 3))),
    )

  return {
    features,
    probabilities: async (model, pixels) => {
      const exact = await features(model, pixels)
      // Kept features are in half precision; rounding here too makes the same picture come out as in its evaluation.
      const kept = fromHalf(toHalf(exact))
      const logProbabilities = await heads.use(
        model.key,
        async () => createHeadSession(await model.loadHead(), { threads: 1 }),
        (head) => head.logProbabilities(kept, 1),
      )
      return logProbabilities.map(Math.exp)
    },
    close: async () => {
      await Promise.all([trunks.close(), heads.close()])
    },
  }
}
