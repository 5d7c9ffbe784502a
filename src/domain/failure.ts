/** Why a run could not go on, and what its owner can do about it. */
export const RUN_FAILURE_CODES = [
  'OUT_OF_MEMORY',
  'NON_FINITE_LOSS',
  'DATASET_UNAVAILABLE',
  'WEIGHTS_UNAVAILABLE',
  'ENGINE_UNAVAILABLE',
  'TRAINER_LOST',
  'STORAGE_FULL',
  'INTERNAL',
] as const
export type RunFailureCode = (typeof RUN_FAILURE_CODES)[number]

/** A hyperparameter to start the next run with; `value` is written as in GraphQL. */
export interface HyperparameterChange {
  name: string
  value: string
}

export interface RunFailure {
  code: RunFailureCode
  message: string
  suggestion: { text: string; changes: HyperparameterChange[] } | null
}

/** With the way out. */
export function failureText({ message, suggestion }: RunFailure): string {
  return suggestion === null ? message : `${message} ${suggestion.text}`
}

/** Thrown by whatever finds that a run cannot go on; everything else that is thrown ends a run as INTERNAL. */
export class RunError extends Error {
  override readonly name = 'RunError'

  constructor(
    readonly code: RunFailureCode,
    message: string,
    readonly suggestion: RunFailure['suggestion'] = null,
  ) {
    super(message)
  }

  /** What was thrown before, for the log. */
  because(cause: unknown): this {
    this.cause = cause
    return this
  }

  get failure(): RunFailure {
    return { code: this.code, message: this.message, suggestion: this.suggestion }
  }
}
