/** Whether a network is right as often as it says. */

export interface CalibrationBin {
  /** Confidences from here, this one included … */
  readonly from: number
  /** … to here, which only the last bin includes. */
  readonly to: number
  /** Pictures. */
  readonly count: number
  /** Of them, how many were taken for what they are. */
  readonly right: number
  /** Null in a bin without pictures. */
  readonly meanConfidence: number | null
  readonly accuracy: number | null
}

export const CALIBRATION_BINS = 10

/**
 * Confidences in equal bins from 0 to 1.
 * @param confidences the likeliest class's probability for each picture
 * @param isRight 1 for a picture that was taken for what it is, else 0
 */
export function confidenceBins(confidences: Float64Array, isRight: Uint8Array, binCount: number): CalibrationBin[] {
  const counts = new Uint32Array(binCount)
  const rights = new Uint32Array(binCount)
  const sums = new Float64Array(binCount)
  for (const [i, confidence] of confidences.entries()) {
    const bin = Math.min(Math.floor(confidence * binCount), binCount - 1)
    counts[bin] = (counts[bin] as number) + 1
    rights[bin] = (rights[bin] as number) + (isRight[i] as number)
    sums[bin] = (sums[bin] as number) + confidence
  }
  return Array.from(counts, (count, bin) => ({
    from: bin / binCount,
    to: (bin + 1) / binCount,
    count,
    right: rights[bin] as number,
    meanConfidence: count === 0 ? null : (sums[bin] as number) / count,
    accuracy: count === 0 ? null : (rights[bin] as number) / count,
  }))
}

/** Mean distance of confidence and accuracy over the bins, each counting by its pictures (Guo and others, 2017). */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0)
  const distance = ({ count, accuracy, meanConfidence }: CalibrationBin): number =>
    count * Math.abs((accuracy ?? 0) - (meanConfidence ?? 0))
  return bins.reduce((sum, bin) => sum + distance(bin), 0) / total
}
