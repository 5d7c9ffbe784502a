/** The words of domain/status.ts as the schema has them. */
import { registerEnumType } from 'type-graphql'
import { JOB_STATES, SPLIT_NAMES, TRAINING_RUN_STATUSES } from '../domain/status.js'

/** Registers a list of words as an enum, each word with a description, and gives what type thunks return. */
export function enumOf<const Word extends string>(
  { name, description }: { name: string; description: string },
  words: readonly Word[],
  descriptions: Record<Word, string>,
): Record<Word, Word> {
  const values = Object.fromEntries(words.map((word) => [word, word])) as Record<Word, Word>
  const valuesConfig = Object.fromEntries(words.map((word) => [word, { description: descriptions[word] }]))
  registerEnumType<Record<string, string>>(values, { name, description, valuesConfig })
  return values
}

export const JobState = enumOf({ name: 'JobState', description: 'Where a background job stands.' }, JOB_STATES, {
  QUEUED: 'It waits for a trainer.',
  RUNNING: 'It is being worked on.',
  SUCCEEDED: 'It ended well.',
  FAILED: 'It could not go on; `error` says why.',
  CANCELLED: 'It was stopped on request; what was done stays.',
})

export const SplitName = enumOf(
  { name: 'SplitName', description: 'The part that a picture plays in a dataset version.' },
  SPLIT_NAMES,
  {
    TRAIN: 'What the head learns from.',
    VALIDATION: 'What each epoch is measured on and the best one is chosen by.',
    TEST: 'What the best checkpoint is measured on once, when training has ended.',
  },
)

export const TrainingRunStatus = enumOf(
  { name: 'TrainingRunStatus', description: 'Where a training run stands.' },
  TRAINING_RUN_STATUSES,
  {
    QUEUED: 'It waits for a trainer.',
    PREPARING: 'Trunk and features are being made ready.',
    RUNNING: 'Epochs are being trained.',
    EVALUATING: 'Training has ended; the best checkpoint is being evaluated.',
    SUCCEEDED: 'It ended, and its evaluation is there.',
    FAILED: 'It could not go on; `failure` says why.',
    CANCELLED: 'It was stopped on request; its epochs and checkpoints stay.',
  },
)
