/** What a network said of pictures: the ground of every figure that needs more than the confusion matrix. */
export interface ScoredPictures {
  /** Class of each picture. */
  readonly actual: Int32Array
  /** The likeliest class of each. */
  readonly predicted: Int32Array
  /** [pictures, classes], each row summing to 1. */
  readonly probabilities: Float64Array
  readonly classCount: number
}

/** How sure a network was of what it said of each picture: the probability of the likeliest class. */
export function confidences({ predicted, probabilities, classCount }: ScoredPictures): Float64Array {
  return Float64Array.from(predicted, (c, i) => probabilities[i * classCount + c] as number)
}

/** 1 where a picture was taken for what it is, else 0. */
export function hits({ actual, predicted }: ScoredPictures): Uint8Array {
  return Uint8Array.from(actual, (c, i) => Number(c === predicted[i]))
}

/** As scikit-learn's log_loss: what double precision cannot tell from 0 counts as that. */
const LEAST_PROBABILITY = Number.EPSILON

/** Mean of -ln of the actual class's probability. */
export function logLoss({ actual, probabilities, classCount }: ScoredPictures): number {
  let total = 0
  for (const [i, c] of actual.entries()) {
    total -= Math.log(Math.max(probabilities[i * classCount + c] as number, LEAST_PROBABILITY))
  }
  return total / actual.length
}
