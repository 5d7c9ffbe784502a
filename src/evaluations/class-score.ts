/** A class and how likely it is. */
export interface ClassScore {
  readonly label: string
  readonly probability: number
}

/** Best first; of equal ones the earlier class. */
export function rankScores(probabilities: ArrayLike<number>, classNames: readonly string[]): ClassScore[] {
  return classNames
    .map((label, i) => ({ label, probability: probabilities[i] as number }))
    .sort((a, b) => b.probability - a.probability)
}
