/** Words shared by API, database and trainer. They are spelled as in the schema. */
export const TRAINING_RUN_STATUSES = [
  'QUEUED',
  'PREPARING',
  'RUNNING',
  'EVALUATING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
] as const
export type TrainingRunStatus = (typeof TRAINING_RUN_STATUSES)[number]

/** Statuses in which a trainer holds, or held until it died, the run. */
export const HELD_STATUSES = ['PREPARING', 'RUNNING', 'EVALUATING'] as const satisfies readonly TrainingRunStatus[]
export const FINAL_STATUSES = ['SUCCEEDED', 'FAILED', 'CANCELLED'] as const satisfies readonly TrainingRunStatus[]

export function isFinal(status: TrainingRunStatus): boolean {
  return (FINAL_STATUSES as readonly TrainingRunStatus[]).includes(status)
}

export const JOB_STATES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'] as const
export type JobState = (typeof JOB_STATES)[number]

export function isEnded(state: JobState): boolean {
  return state !== 'QUEUED' && state !== 'RUNNING'
}

export const SPLIT_NAMES = ['TRAIN', 'VALIDATION', 'TEST'] as const
export type SplitName = (typeof SPLIT_NAMES)[number]
