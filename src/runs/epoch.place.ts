/** How epochs are named to a request's loaders, which know values by one key. */

/** Names an epoch by its run and number. */
export type EpochPlace = `${string}:${number}`

export function epochPlace(runId: string, number: number): EpochPlace {
  return `${runId}:${number}`
}

/** A stretch of a run's epochs: `first` of them beyond `after`. */
export type EpochStretch = `${string}:${number}:${number}`

/** No run has more epochs; beyond it numbers would not fit the column. */
const MOST_EPOCHS = 1_000

export function epochStretch(runId: string, after: number, first: number): EpochStretch {
  return `${runId}:${Math.min(Math.max(after, 0), MOST_EPOCHS)}:${first}`
}
