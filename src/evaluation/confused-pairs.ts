import type { ConfusionMatrix } from './report.type.js'

/** Pictures of one class that were taken for another. */
export interface ConfusedPair {
  readonly actual: string
  readonly predicted: string
  /** Pictures. */
  readonly count: number
  /** Of the pictures of the class `actual`. */
  readonly share: number
}

/** Every pair that occurs, the most frequent first; of equal ones the first in class order. */
export function confusedPairs(matrix: ConfusionMatrix, classNames: readonly string[]): ConfusedPair[] {
  const pairs = matrix.flatMap((row, actual) => {
    const support = row.reduce((total, count) => total + count, 0)
    return row.flatMap((count, predicted) =>
      count === 0 || actual === predicted
        ? []
        : [
            {
              actual: classNames[actual] as string,
              predicted: classNames[predicted] as string,
              count,
              share: count / support,
            },
          ],
    )
  })
  return pairs.sort((a, b) => b.count - a.count)
}
