/** ONNX Runtime sessions for what is frozen: the trunk, and heads once they are trained. */
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node'
import { forbidTelemetry } from '../config/telemetry.js'
import type { Calibration } from '../network/calibration.js'
import type { Cut } from '../network/cut.js'
import { headGradientGraph, headGraph } from '../network/head.graph.js'
import { readHead } from '../network/head.js'
import { writeOnnx, type OnnxGraph } from '../network/onnx.js'
import { quantisedGraph, rangeGraph } from '../network/quantised.graph.js'
import { trunkGraph, withActivations } from '../network/trunk.graph.js'
import type { StateDict } from '../network/weights.js'
import { multipliesBytesExactly } from './processor.js'

export interface SessionOptions {
  /** Threads that share one run; by default one for each physical core. */
  readonly threads?: number
}

export interface TrunkSessionOptions extends SessionOptions {
  /** Makes it an int8 trunk; without one, or with null, it runs in single precision. */
  readonly calibration?: Calibration | null
  /** Up to which the network runs; pooled features by default. */
  readonly cut?: Cut
}

export interface TrunkSession {
  /**
   * @param images [count, 3, imageSize, imageSize], as images/ preprocesses them
   * @returns what comes out at the cut: pooled features [count, 2048], or [count, height, width, channels]
   */
  features(images: Float32Array, count: number, imageSize: number): Promise<Float32Array>
  release(): Promise<void>
}

/** One that also gives what it pools. */
export interface SeeingTrunkSession extends TrunkSession {
  /** @param image [3, imageSize, imageSize], one picture */
  see(image: Float32Array, imageSize: number): Promise<Sight>
}

export interface Sight {
  /** Pooled features [2048] */
  readonly features: Float32Array
  /** [2048, imageSize / 32, imageSize / 32]; the features are their means. */
  readonly activations: Float32Array
}

export interface HeadSession {
  /**
   * @param features [count, 2048]
   * @returns [count, classes]
   */
  logProbabilities(features: Float32Array, count: number): Promise<Float32Array>
  release(): Promise<void>
}

export interface GradientSession {
  /**
   * @param features [2048] of one picture
   * @returns [2048], the derivative of the class's logit with respect to each feature
   */
  gradient(features: Float32Array, classIndex: number): Promise<Float32Array>
  release(): Promise<void>
}

export interface RangeSession {
  /**
   * @param images as for a TrunkSession
   * @returns minimum and maximum of each of `quantisedActivations`, one after the other
   */
  ranges(images: Float32Array, count: number, imageSize: number): Promise<Float32Array>
  release(): Promise<void>
}

/** Takes a second or so. The weights are copied; `trunk` may be forgotten afterwards. */
export async function createTrunkSession(
  trunk: StateDict,
  { calibration = null, cut, ...options }: TrunkSessionOptions = {},
): Promise<TrunkSession> {
  return trunkSession(await createSession(runnable(trunkGraph(trunk, cut), calibration), options))
}

function trunkSession(session: InferenceSession): TrunkSession {
  return {
    features: (images, count, imageSize) => run(session, imagesTensor(images, count, imageSize)),
    release: () => session.release(),
  }
}

function imagesTensor(images: Float32Array, count: number, imageSize: number): OnnxTensor {
  return new OnnxTensor('float32', images, [count, 3, imageSize, imageSize])
}

/** For createSeeingTrunkSession: the whole trunk, up to its pooled features. */
export function seeingTrunkGraph(trunk: StateDict, calibration: Calibration | null): Uint8Array {
  return runnable(withActivations(trunkGraph(trunk)), calibration)
}

/** @param graph as seeingTrunkGraph writes it */
export async function createSeeingTrunkSession(
  graph: Uint8Array,
  options: SessionOptions = {},
): Promise<SeeingTrunkSession> {
  const session = await createSession(graph, options)
  return {
    ...trunkSession(session),
    see: async (image, imageSize) => {
      const { features, activations } = await session.run({ images: imagesTensor(image, 1, imageSize) })
      return { features: singles(features), activations: singles(activations) }
    },
  }
}

function runnable(graph: OnnxGraph, calibration: Calibration | null): Uint8Array {
  return writeOnnx(calibration === null ? graph : quantisedGraph(graph, calibration.ranges))
}

export async function createRangeSession(trunk: StateDict): Promise<RangeSession> {
  const session = await createSession(writeOnnx(rangeGraph(trunkGraph(trunk))), {})
  return {
    ranges: (images, count, imageSize) =>
      run(session, new OnnxTensor('float32', images, [count, 3, imageSize, imageSize])),
    release: () => session.release(),
  }
}

export async function createHeadSession(head: StateDict, options: SessionOptions = {}): Promise<HeadSession> {
  const session = await createSession(headGraph(head), options)
  return {
    logProbabilities: (features, count) =>
      run(session, new OnnxTensor('float32', features, [count, features.length / count])),
    release: () => session.release(),
  }
}

export async function createGradientSession(head: StateDict, options: SessionOptions = {}): Promise<GradientSession> {
  const session = await createSession(headGradientGraph(head), options)
  const classes = readHead(head).at(-1)?.bias.data.length ?? 0
  return {
    gradient: async (features, classIndex) => {
      const direction = new OnnxTensor('float32', new Float32Array(classes).fill(1, classIndex, classIndex + 1), [
        1,
        classes,
      ])
      const { gradient } = await session.run({
        features: new OnnxTensor('float32', features, [1, features.length]),
        direction,
      })
      return singles(gradient)
    },
    release: () => session.release(),
  }
}

const ERRORS_ONLY = 3

export async function createSession(graph: Uint8Array, { threads }: SessionOptions): Promise<InferenceSession> {
  forbidTelemetry()
  const exactBytes = await multipliesBytesExactly()
  return InferenceSession.create(graph, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    interOpNumThreads: 1,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    logSeverityLevel: ERRORS_ONLY,
    // Spinning threads take the cores that busy neighbours need: beside one a batch took half as long again.
    extra: { session: { intra_op: { allow_spinning: '0' }, x64quantprecision: exactBytes ? '0' : '1' } },
  })
}

/** One input and the first output, both in single precision; others are not fetched. */
async function run(session: InferenceSession, input: OnnxTensor): Promise<Float32Array> {
  const [inputName = ''] = session.inputNames
  const [outputName = ''] = session.outputNames
  const { [outputName]: output } = await session.run({ [inputName]: input }, [outputName])
  return singles(output)
}

function singles(output: OnnxTensor | undefined): Float32Array {
  if (!(output?.data instanceof Float32Array)) throw new TypeError('The graph did not answer in single precision.')
  return output.data
}
