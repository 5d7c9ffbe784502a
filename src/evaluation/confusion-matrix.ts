import type { ConfusionMatrix } from './report.type.js'

/**
 * @param actual class of each picture
 * @param predicted class that it was taken for, in the same order
 */
export function confusionMatrix(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classCount: number,
): ConfusionMatrix {
  const matrix = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0))
  for (let i = 0; i < actual.length; i++) {
    const row = matrix[actual[i] as number]
    const column = predicted[i]
    if (row === undefined || column === undefined || row[column] === undefined) {
      throw new RangeError(`Picture ${String(i)}: class ${String(actual[i])} taken for ${String(column)}`)
    }
    row[column] += 1
  }
  return matrix
}

/** The likeliest class of each row of `scores` [count, classCount]; of equal ones the first. */
export function likeliestClasses(scores: ArrayLike<number>, classCount: number): Int32Array {
  const classes = new Int32Array(scores.length / classCount)
  for (let i = 0; i < classes.length; i++) {
    let best = 0
    for (let c = 1; c < classCount; c++) {
      if ((scores[i * classCount + c] as number) > (scores[i * classCount + best] as number)) best = c
    }
    classes[i] = best
  }
  return classes
}
