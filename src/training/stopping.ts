/** What follows from the epochs' validation losses alone, so that it survives a resume. */
import type { Hyperparameters } from '../domain/hyperparameters.js'

/** Whether the last of these is the least, the earlier on a tie. */
export function isBestSoFar(validationLosses: readonly number[]): boolean {
  const last = validationLosses.at(-1)
  return last !== undefined && validationLosses.slice(0, -1).every((loss) => last < loss)
}

/** Whether no epoch follows: all are done, or early stopping has seen enough. */
export function isFinished(
  validationLosses: readonly number[],
  { epochs, earlyStopping }: Pick<Hyperparameters, 'epochs' | 'earlyStopping'>,
): boolean {
  if (validationLosses.length >= epochs) return true
  if (earlyStopping === null) return false
  return epochsWithoutProgress(validationLosses, earlyStopping.minDelta) >= earlyStopping.patience
}

/** Progress is a loss that is below the least so far by more than `minDelta`. */
function epochsWithoutProgress(validationLosses: readonly number[], minDelta: number): number {
  let least = Infinity
  let waited = 0
  for (const loss of validationLosses) {
    const progress = loss < least - minDelta
    waited = progress ? 0 : waited + 1
    if (progress) least = loss
  }
  return waited
}
