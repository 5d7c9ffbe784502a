import type { SplitName } from '../domain/status.js'
import type { Engine } from '../engine/engine.type.js'
import { confusionMatrix, likeliestClasses } from '../evaluation/confusion-matrix.js'
import type { StateDict } from '../network/weights.js'
import { predict } from '../training/predict.js'
import type { PictureSource } from '../training/training.type.js'
import type { EvaluatedPicture, EvaluationResult } from './messages.js'

export interface EvaluatedNetwork {
  readonly epoch: number
  /** The head and whatever of the trunk was trained. */
  readonly network: StateDict
}

export interface EvaluatedSplit {
  readonly split: SplitName
  readonly pictures: Pick<PictureSource, 'labels'>
  /** The pictures' lines in the manifest. */
  readonly positions: readonly number[]
  readonly classCount: number
}

/** What a network says of every picture of a split. */
export async function evaluateNetwork(
  engine: Engine,
  { epoch, network }: EvaluatedNetwork,
  split: EvaluatedSplit & { pictures: PictureSource },
): Promise<EvaluationResult> {
  return evaluationOf({ epoch, probabilities: await predict(engine, network, split.pictures) }, split)
}

/** Of `probabilities` [pictures, classes], in class order. */
export function evaluationOf(
  { epoch, probabilities: all }: { epoch: number; probabilities: Float64Array },
  { split, pictures, positions, classCount }: EvaluatedSplit,
): EvaluationResult {
  const predicted = likeliestClasses(all, classCount)
  const outcomes = positions.map((position, i): EvaluatedPicture => {
    const probabilities = all.slice(i * classCount, (i + 1) * classCount)
    const actual = pictures.labels[i] as number
    const loss = -Math.log(probabilities[actual] as number)
    return { position, actual, predicted: predicted[i] as number, probabilities, loss }
  })
  return {
    epoch,
    split,
    loss: outcomes.reduce((sum, outcome) => sum + outcome.loss, 0) / outcomes.length,
    confusionMatrix: confusionMatrix(pictures.labels, predicted, classCount),
    accuracy: outcomes.filter((outcome) => outcome.predicted === outcome.actual).length / outcomes.length,
    outcomes,
  }
}
