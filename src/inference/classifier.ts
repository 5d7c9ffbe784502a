/** Serves checkpoints: one trunk session for all heads that were grafted on it, both kept by recent use. */
import { setTimeout } from 'node:timers/promises'
import type { Calibration } from '../network/calibration.js'
import type { StateDict } from '../network/weights.js'
import { drawAttention } from './grad-cam.js'
import { createLimiter } from './limiter.js'
import {
  bytesOf,
  serveGradient,
  serveHead,
  serveTrunk,
  type ServedGradientSession,
  type ServedHeadSession,
  type ServedTrunkSession,
} from './served-session.js'
import { createPool } from './session.pool.js'
import { openTrunkThread } from './trunk-thread.js'
import { createGradientSession, createHeadSession, seeingTrunkGraph, type SessionOptions } from './sessions.js'

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

/**
 * Gives [3, imageSize, imageSize], as images/ preprocesses a picture, in a buffer of its own that the classifier keeps;
 * others are decoded while the trunk runs.
 */
export type Decode = () => Promise<Float32Array>

export interface Said {
  /** One for each class, in class order, summing to 1. */
  readonly probabilities: Float32Array
  /** The trunk's pooled features [2048], in single precision. */
  readonly features: Float32Array
}

export interface Explained {
  /** As `classify` says them. */
  readonly probabilities: Float32Array
  readonly classIndex: number
  /** [imageSize / 32, imageSize / 32], 0 to 1: how much each place speaks for the class. */
  readonly map: Float32Array
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
  /**
   * Why a picture would be of a class, by Grad-CAM.
   * @param classIndex the likeliest where it is null
   * @throws as classify
   */
  explain(model: ServedModel, decode: Decode, classIndex: number | null): Promise<Explained>
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
    const thread = await openTrunkThread(seeingTrunkGraph(weights, calibration), options)
    return serveTrunk(thread, bytesOf(weights), { limit, gather })
  }

  const openHead = async (model: ServedModel): Promise<ServedHeadSession> => {
    const weights = await model.loadHead()
    return serveHead(await createHeadSession(weights, { threads: 1 }), bytesOf(weights))
  }

  const openGradient = async (model: ServedModel): Promise<ServedGradientSession> => {
    const weights = await model.loadHead()
    return serveGradient(await createGradientSession(weights, { threads: 1 }), bytesOf(weights))
  }

  const onTrunk = async <Result>(
    served: ServedTrunk,
    decode: Decode,
    look: (trunk: ServedTrunkSession, pixels: Float32Array) => Promise<Result>,
  ): Promise<Result> => {
    const pixels = await decoded(decode)
    return pool.use(
      `trunk ${served.trunkKey}`,
      () => openTrunk(served),
      (trunk) => look(trunk, pixels),
    )
  }

  const features: Classifier['features'] = (served, decode) =>
    onTrunk(served, decode, (trunk, pixels) => trunk.features(pixels))

  const probabilities = (model: ServedModel, features: Float32Array): Promise<Float32Array> =>
    pool.use(
      `head ${model.key}`,
      () => openHead(model),
      (head) => head.probabilities(features),
    )

  return {
    features,
    classify: async (model, decode) => {
      // Not rounded as kept ones are: so an exported checkpoint, which cannot round, gives the same.
      const exact = await features(model, decode)
      return { probabilities: await probabilities(model, exact), features: exact }
    },
    explain: async (model, decode, given) => {
      const sight = await onTrunk(model, decode, (trunk, pixels) => trunk.see(pixels))
      const said = await probabilities(model, sight.features)
      const classIndex = given ?? said.indexOf(Math.max(...said))
      const gradient = await pool.use(
        `gradient ${model.key}`,
        () => openGradient(model),
        (head) => head.gradient(sight.features, classIndex),
      )
      return { probabilities: said, classIndex, map: drawAttention(sight.activations, gradient) }
    },
    close: () => pool.close(),
  }
}
