/** What goes into a training run and what comes out of it. */
import type { Hyperparameters } from '../domain/hyperparameters.js'
import type { Engine } from '../engine/engine.type.js'
import type { ClassMetrics } from '../evaluation/report.type.js'
import type { StateDict } from '../network/weights.js'

/** The trunk's features of one split. */
export interface LabelledFeatures {
  /** [count, 2048] in half precision, as they are kept. */
  features: Uint16Array
  /** [count], indices into the class names. */
  labels: Int32Array
  count: number
}

export interface TrainOptions {
  engine: Engine
  hyperparameters: Hyperparameters
  classNames: readonly string[]
  train: LabelledFeatures
  validation: LabelledFeatures
  /** Weights to start from; not used with `resume`. */
  head: StateDict
  /** Goes on after the epoch that this state was taken at. */
  resume?: ResumeState
  /** Looked at before every step; the generator then ends without another event. */
  signal?: AbortSignal
}

/** Everything that the next epoch depends on and that cannot be drawn anew. */
export interface ResumeState {
  /** Epochs finished. */
  epoch: number
  /** Of every finished epoch: the best one and early stopping follow from them. */
  validationLosses: readonly number[]
  /** Named as in the network, `fc.N.weight` … */
  head: StateDict
  /** Named as the weight they belong to, with the optimiser's own name before it: `m.fc.N.weight`, … */
  optimizer: StateDict
}

/** An epoch as it is stored and shown; `learningRate` is that of its last step. */
export interface EpochResult {
  number: number
  trainLoss: number
  trainAccuracy: number
  validationLoss: number
  validationAccuracy: number
  learningRate: number
  /** On VALIDATION, in class order. */
  perClass: ClassMetrics[]
  macroF1: number
  seconds: number
  imagesPerSecond: number
}

export interface StepEvent {
  type: 'step'
  epoch: number
  /** From 1. */
  step: number
  stepsPerEpoch: number
  loss: number
  imagesPerSecond: number
}

export interface EpochEvent {
  type: 'epoch'
  epoch: EpochResult
  /** The weights after this epoch. */
  head: StateDict
  /** Least validation loss so far, the earlier on a tie. */
  isBest: boolean
  resume: ResumeState
  /** No epoch follows: it was the last, or early stopping ended the run. */
  stop: boolean
}

export type TrainingEvent = StepEvent | EpochEvent
