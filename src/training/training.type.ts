/** What goes into a training run and what comes out of it. */
import type { Hyperparameters } from '../domain/hyperparameters.js'
import type { Engine } from '../engine/engine.type.js'
import type { ClassMetrics } from '../evaluation/report.type.js'
import type { StateDict } from '../network/weights.js'

/** What a run learns from or is measured on: rows 0 … count - 1 in a fixed order. */
export interface PictureSource {
  readonly count: number
  /** [count], indices into the class names. */
  readonly labels: Int32Array
  /** Of one picture's input at the cut: [2048], or [height, width, channels]. */
  readonly shape: readonly number[]
  /**
   * @param epoch from 1: lets a source choose among the views that it keeps; left out, the picture as it is
   * @returns [rows.length, ...shape] in single precision
   */
  read(rows: Uint32Array, epoch?: number): Promise<Float32Array>
}

export interface TrainOptions {
  engine: Engine
  hyperparameters: Hyperparameters
  classNames: readonly string[]
  train: PictureSource
  validation: PictureSource
  /**
   * Weights to start from, named as in torchvision's network: the head's `fc.N.*` and, above the cut, the trunk's (all
   * four of a batch norm). Not used with `resume`.
   */
  network: StateDict
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
  /** As in TrainOptions: everything above the cut. */
  network: StateDict
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
  /** On VALIDATION, like the rest of these; null where undefined. */
  balancedAccuracy: number | null
  cohenKappa: number | null
  matthewsCorrelation: number
  expectedCalibrationError: number
  /** What makes the probabilities as sure as they are right; null where none is best. */
  temperature: number | null
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
  /** The weights after this epoch, as in TrainOptions. */
  network: StateDict
  /** Least validation loss so far, the earlier on a tie. */
  isBest: boolean
  resume: ResumeState
  /** No epoch follows: it was the last, or early stopping ended the run. */
  stop: boolean
}

export type TrainingEvent = StepEvent | EpochEvent
