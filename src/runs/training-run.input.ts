import { ArgsType, Field, Float, ID, InputType } from 'type-graphql'
import { PageArgs } from '../graphql/connections.js'
import { enumOf, TrainingRunStatus } from '../graphql/enums.js'
import { DateTime } from '../graphql/scalars.js'
import { HyperparametersInput } from './hyperparameters.input.js'
import { TRAINING_RUN_ORDERS } from './training-run.order.js'
import type { TrainingRunOrder as Order } from './training-run.order.js'
import type { TrainingRunStatus as Status } from '../domain/status.js'

@InputType({ description: 'A new run.' })
export class StartTrainingRunInput {
  @Field(() => ID, { description: 'What to train on.' })
  datasetVersionId!: string

  @Field(() => String, { nullable: true, description: '1-200 characters; default the dataset, version and a number.' })
  name?: string | null

  @Field(() => HyperparametersInput, { nullable: true, description: 'What to train with.' })
  hyperparameters?: HyperparametersInput | null

  @Field(() => ID, { nullable: true, description: 'A checkpoint whose trunk and head to start from.' })
  fromCheckpointId?: string | null

  @Field(() => String, {
    nullable: true,
    description: '1-200 characters of your own: asking again with the same key and input gives the same run.',
  })
  idempotencyKey?: string | null
}

@InputType({ description: 'The run to stop.' })
export class CancelTrainingRunInput {
  @Field(() => ID, { description: 'Its id.' })
  trainingRunId!: string
}

@InputType({ description: 'The failed or cancelled run to go on with.' })
export class ResumeTrainingRunInput {
  @Field(() => ID, { description: 'Its id.' })
  trainingRunId!: string
}

@InputType({ description: 'The run to delete, with everything below it.' })
export class DeleteTrainingRunInput {
  @Field(() => ID, { description: 'Its id.' })
  trainingRunId!: string
}

@InputType({ description: 'Which runs to list; every condition given must hold.' })
export class TrainingRunFilter {
  @Field(() => ID, { nullable: true, description: 'Those on versions of this dataset.' })
  datasetId?: string | null

  @Field(() => [TrainingRunStatus], { nullable: true, description: 'Those that stand at one of these.' })
  statuses?: Status[] | null

  @Field(() => String, { nullable: true, description: 'Those with this in their name, in whatever case.' })
  nameContains?: string | null

  @Field(() => Float, { nullable: true, description: 'Those whose best epoch reached at least this.' })
  minValidationAccuracy?: number | null

  @Field(() => DateTime, { nullable: true, description: 'Those asked for after this moment.' })
  createdAfter?: Date | null

  @Field(() => DateTime, { nullable: true, description: 'Those asked for before this moment.' })
  createdBefore?: Date | null
}

export const TrainingRunOrder = enumOf(
  { name: 'TrainingRunOrder', description: 'How runs are ordered.' },
  TRAINING_RUN_ORDERS,
  {
    CREATED_AT_DESC: 'Newest first.',
    CREATED_AT_ASC: 'Oldest first.',
    VALIDATION_ACCURACY_DESC: "By the best epoch's validation accuracy, highest first; runs without an epoch last.",
    TEST_ACCURACY_DESC: 'By the accuracy of an evaluation on TEST, highest first; runs without one last.',
  },
)

@ArgsType()
export class TrainingRunsArgs extends PageArgs {
  @Field(() => TrainingRunFilter, { nullable: true, description: 'Which runs; default all.' })
  filter?: TrainingRunFilter | null

  @Field(() => TrainingRunOrder, {
    nullable: true,
    defaultValue: 'CREATED_AT_DESC',
    description: 'How they are ordered.',
  })
  orderBy?: Order | null
}
