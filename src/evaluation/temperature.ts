/**
 * Temperature scaling (Guo and others, 2017): softmax(log p / T) is as sure as the network is right. The order of the
 * classes stays, so accuracy does too.
 */

/** Log-probabilities with the class that each row should give. */
export interface LabelledScores {
  /** [pictures, classes] */
  readonly logProbabilities: Float64Array
  readonly actual: Int32Array
  readonly classCount: number
}

const LEAST = 0.01
const MOST = 100
/** Halvings of [ln LEAST, ln MOST]: the temperature is found within a relative 1e-9. */
const STEPS = 34

/**
 * The temperature of the least mean cross-entropy, by bisection on its slope, which changes its sign once: the loss is
 * convex in 1 / T. Null where it has no minimum from 0.01 to 100.
 */
export function fitTemperature(scores: LabelledScores): number | null {
  const [hot, cold] = [Math.log(1 / MOST), Math.log(1 / LEAST)]
  if (lossSlope(scores, Math.exp(hot)) >= 0 || lossSlope(scores, Math.exp(cold)) <= 0) return null
  let [low, high] = [hot, cold]
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2
    if (lossSlope(scores, Math.exp(middle)) < 0) low = middle
    else high = middle
  }
  return Math.exp(-(low + high) / 2)
}

/** Null where there is a temperature. */
export function temperatureUndefinedBecause(temperature: number | null, validationAccuracy: number): string | null {
  if (temperature !== null) return null
  return validationAccuracy === 1
    ? 'Every picture of VALIDATION is right, so that the loss falls with the temperature for ever.'
    : 'On VALIDATION the probabilities tell no more than chance, or this is older than the fitting of temperatures.'
}

/** @returns probabilities [pictures, classes], each row summing to 1 */
export function scaleByTemperature(probabilities: Float64Array, classCount: number, temperature: number): Float64Array {
  const scaled = Float64Array.from(probabilities)
  for (let from = 0; from < scaled.length; from += classCount) {
    const row = scaled.subarray(from, from + classCount)
    const most = Math.max(...row)
    let sum = 0
    for (const [c, probability] of row.entries()) sum += row[c] = (probability / most) ** (1 / temperature)
    for (const [c, weight] of row.entries()) row[c] = weight / sum
  }
  return scaled
}

/**
 * Of the sum of losses over 1 / T: what the scaled probabilities expect of the scores, less the right class's own.
 * @param inverse 1 / T
 */
export function lossSlope({ logProbabilities, actual, classCount }: LabelledScores, inverse: number): number {
  let total = 0
  for (const [i, label] of actual.entries()) {
    const row = logProbabilities.subarray(i * classCount, (i + 1) * classCount)
    let [most, sum, weighted] = [-Infinity, 0, 0]
    for (const score of row) most = Math.max(most, score)
    for (const score of row) {
      const weight = Math.exp((score - most) * inverse)
      sum += weight
      weighted += weight * (score - most)
    }
    total += weighted / sum - ((row[label] as number) - most)
  }
  return total
}
