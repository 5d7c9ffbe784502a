/** Serves checkpoints: one trunk session for all heads that were grafted on it, both kept by recent use. */
import { setTimeout } from 'node:timers/promises'
import type { Calibration } from '../network/calibration.js'
import type { StateDict } from '../network/weights.js'
import { createLimiter } from './limiter.js'
import { bytesOf, serveHead, serveTrunk, type ServedHeadSession, type ServedTrunkSession } from './served-session.js'
import { createPool } from './session.pool.js'
import { createHeadSession, createTrunkSession, type SessionOptions } from './sessions.js'

/** Weights, and the calibration where the trunk is an int8 one. */
export interface FrozenTrunk {
  readonly weights: StateDict
  readonly calibration: Calibration | null
}

export interface ServedTrunk {
  /** What names the trunk: equal keys have equal weights and an equal precision. */
  readonly trunkKey: string
  /** Asked for only when it is not at hand. */
  loadTrunk(): Promise<FrozenTrunk>
}

/** A checkpoint as far as serving goes. */
export interface ServedModel extends ServedTrunk {
  /** What names the head: equal keys have equal weights, so the checkpoint file's sha256 serves. */
  readonly key: string
  /** Asked for only when it is not at hand. */
  loadHead(): Promise<StateDict>
}

export interface ClassifierOptions extends SessionOptions {
  /** For the weights of trunks (102 MB each) and heads (9.4 MB by default); 1 GB by default. */
  readonly memoryBytes?: number
  /** Trunk runs at a time; 1 by default, since one uses all threads. */
  readonly concurrency?: number
}

/** Gives [3, imageSize, imageSize], as images/ preprocesses a picture; others are decoded while the trunk runs. */
export type Decode = () => Promise<Float32Array>

export interface Said {
  /** One for each class, in class order, summing to 1. */
  readonly probabilities: Float32Array
  /** The trunk's pooled features [2048], in single precision. */
  readonly features: Float32Array
}

export interface Classifier {
  /**
   * @returns the trunk's pooled features [2048], in single precision
   * @throws whatever decoding or loading the trunk throws; the next call tries again
   */
  features(trunk: ServedTrunk, decode: Decode): Promise<Float32Array>
  /**
   * @param decode for the model's imageSize
   * @throws whatever decoding or loading the model throws; the next call tries again
   */
  classify(model: ServedModel, decode: Decode): Promise<Said>
  /** Lets go of all sessions, those in use when they are done. */
  close(): Promise<void>
}

const DEFAULT_BYTES = 1e9
/** How long a batch waits for pictures that are being decoded: less than a tenth of what one takes in the trunk. */
const PATIENCE_MS = 2

export function createClassifier(options: ClassifierOptions = {}): Classifier {
  const pool = createPool(options.memoryBytes ?? DEFAULT_BYTES)
  const limit = createLimiter(options.concurrency ?? 1)
  let decoding = 0
  // Whoever comes alone waits for nobody.
  const gather = async (): Promise<void> => {
    if (decoding > 0) await setTimeout(PATIENCE_MS)
  }

  const decoded = async (decode: Decode): Promise<Float32Array> => {
    decoding += 1
    try {
      return await decode()
    } finally {
      decoding -= 1
    }
  }

  const openTrunk = async (served: ServedTrunk): Promise<ServedTrunkSession> => {
    const { weights, calibration } = await served.loadTrunk()
    const session = await createTrunkSession(weights, { ...options, calibration })
    return serveTrunk(session, bytesOf(weights), { limit, gather })
  }

  const openHead = async (model: ServedModel): Promise<ServedHeadSession> => {
    const weights = await model.loadHead()
    return serveHead(await createHeadSession(weights, { threads: 1 }), bytesOf(weights))
  }

  const features = async (served: ServedTrunk, decode: Decode): Promise<Float32Array> => {
    const pixels = await decoded(decode)
    return pool.use(
      `trunk ${served.trunkKey}`,
      () => openTrunk(served),
      (trunk) => trunk.features(pixels),
    )
  }

  return {
    features,
    classify: async (model, decode) => {
      // Not rounded as kept ones are: so an exported checkpoint, which cannot round, gives the same.
      const exact = await features(model, decode)
      const probabilities = await pool.use(
        `head ${model.key}`,
        () => openHead(model),
        (head) => head.probabilities(exact),
      )
      return { probabilities, features: exact }
    },
    close: () => pool.close(),
  }
}
