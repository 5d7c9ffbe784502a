import type { PictureSource } from '../training/training.type.js'
import type { PictureInputs } from './run-data.js'

/** What the part that learns takes of every picture. */
export interface Inputs {
  /** Rows in `pictureOrder`. */
  readonly inputs: PictureInputs
  /** The training pictures as augmentation has them, each epoch in one of their views. */
  varied(training: PictureSource): PictureSource
  close(): Promise<void>
}

export interface WantedInputs {
  /** sha256 in `pictureOrder`, the training pictures first. */
  readonly pictures: readonly string[]
  readonly trainingCount: number
  /** Of one picture. */
  readonly shape: readonly number[]
}
