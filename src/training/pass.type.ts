import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import type { Parameter } from './parameters.js'

/** A layer's forward pass, and the way back from it. */
export interface Pass {
  /** [batch, height, width, channels]. `back` frees it, so that whoever goes back from behind it must have done so. */
  readonly output: Tensor4D
  /**
   * Called once, after the forward pass, with the slope of the loss at the output, which the caller frees.
   * @returns the slope at the input, which is the caller's; null where nothing below learns
   */
  back(slope: Tensor4D, learn: Learn): Tensor4D | null
}

/** Moves a parameter along the slope of the loss there, which it frees. */
export type Learn = (parameter: Parameter, slope: Tensor) => void
