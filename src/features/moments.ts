/** Mean and variance of every feature of a set of pictures, in one pass over them. */

export interface Moments {
  /** Pictures. */
  readonly count: number
  /** [width] */
  readonly means: Float64Array
  /** [width], of a sample: the squares' sum through count - 1; NaN of fewer than two. */
  readonly variances: Float64Array
}

export interface MomentsMeter {
  /** @param row [width] */
  add(row: Float32Array): void
  read(): Moments
}

/** By Welford's recurrence (Technometrics 4, 1962), which loses no digits where the mean is great and the variance small. */
export function createMomentsMeter(width: number): MomentsMeter {
  const means = new Float64Array(width)
  const squares = new Float64Array(width)
  let count = 0
  return {
    add: (row) => {
      count += 1
      for (let i = 0; i < width; i++) {
        const value = row[i] as number
        const before = value - (means[i] as number)
        means[i] = (means[i] as number) + before / count
        squares[i] = (squares[i] as number) + before * (value - (means[i] as number))
      }
    },
    read: () => ({
      count,
      means: means.slice(),
      variances: squares.map((sum) => (count < 2 ? NaN : sum / (count - 1))),
    }),
  }
}
