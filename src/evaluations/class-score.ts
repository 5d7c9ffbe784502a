import { scaleByTemperature } from '../evaluation/temperature.js'

/** A class and how likely it is. */
export interface ClassScore {
  readonly label: string
  readonly probability: number
  /** Scaled by the checkpoint's temperature; null where it has none. */
  readonly calibratedProbability: number | null
}

export interface ScoredBy {
  readonly classNames: readonly string[]
  /** The checkpoint's. */
  readonly temperature: number | null
}

/** Best first; of equal ones the earlier class. */
export function rankScores(probabilities: ArrayLike<number>, { classNames, temperature }: ScoredBy): ClassScore[] {
  const calibrated =
    temperature === null
      ? null
      : scaleByTemperature(Float64Array.from(probabilities), probabilities.length, temperature)
  return classNames
    .map((label, i) => ({
      label,
      probability: probabilities[i] as number,
      calibratedProbability: calibrated === null ? null : (calibrated[i] as number),
    }))
    .sort((a, b) => b.probability - a.probability)
}
