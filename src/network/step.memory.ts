/** How much memory a training step takes. */
import type { Hyperparameters } from '../domain/hyperparameters.js'
import { activationCount } from './activation.count.js'
import { parameterCounts } from './architecture.js'
import { cutOf, cutShape } from './cut.js'
import { elementCount } from './weights.js'

const FLOAT_BYTES = 4
/** Weights, their gradient and the optimiser's two moments. */
const COPIES_OF_PARAMETERS = 4
/**
 * How much of what the convolutions put out a step holds at its peak. Measured with all layers learning, at 64 and 128 px
 * and batches of 8 and 32: 2.4, and beside it 200 MB however small the batch. A check that refused what works would be
 * worse than none, so neither is rounded up much.
 */
const COPIES_OF_ACTIVATIONS = 2.5
const FIXED_BYTES = 200e6
/** Batches of inputs: the one that is computed and the one that is read ahead, each also as it was read. */
const COPIES_OF_INPUTS = 4
export type PlannedStep = Pick<
  Hyperparameters,
  'trainableLayers' | 'imageSize' | 'batchSize' | 'hiddenUnits' | 'dropout'
>

/** Bytes of a training step at its peak, beside what the process holds anyway. */
export function stepBytes(asked: PlannedStep, classCount: number): number {
  const { trainableLayers, imageSize, batchSize } = asked
  const cut = cutOf(trainableLayers)
  const { trainableParameterCount } = parameterCounts({ ...asked, classCount }, trainableLayers)
  const perPicture =
    COPIES_OF_ACTIVATIONS * activationCount(cut, imageSize) + COPIES_OF_INPUTS * elementCount(cutShape(cut, imageSize))
  const values = COPIES_OF_PARAMETERS * trainableParameterCount + batchSize * perPicture
  return FIXED_BYTES + FLOAT_BYTES * values
}
