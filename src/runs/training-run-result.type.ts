/** What the mutations of runs answer. */
import { Field, ID, ObjectType } from 'type-graphql'
import { resultUnion } from '../graphql/refusals.type.js'
import { TrainingRunType } from './training-run.type.js'

@ObjectType({ description: 'The run waits for a trainer.', simpleResolvers: true })
export class StartTrainingRunSuccess {
  @Field(() => TrainingRunType, { description: 'The new run, or the one that the idempotencyKey made before.' })
  readonly trainingRun!: TrainingRunType
}

@ObjectType({
  description: 'The run is cancelled, or will be once its trainer has heard of it.',
  simpleResolvers: true,
})
export class CancelTrainingRunSuccess {
  @Field(() => TrainingRunType, { description: 'The run.' })
  readonly trainingRun!: TrainingRunType
}

@ObjectType({ description: 'The run waits for a trainer again, its epochs kept.', simpleResolvers: true })
export class ResumeTrainingRunSuccess {
  @Field(() => TrainingRunType, { description: 'The run.' })
  readonly trainingRun!: TrainingRunType
}

@ObjectType({ description: 'The run and everything below it is gone.', simpleResolvers: true })
export class DeleteTrainingRunSuccess {
  @Field(() => ID, { description: 'The id that it had.' })
  readonly deletedId!: string
}

export const StartTrainingRunResult = resultUnion('StartTrainingRunResult', StartTrainingRunSuccess, [
  'InvalidInput',
  'NotFound',
  'IdempotencyConflict',
])
export const CancelTrainingRunResult = resultUnion('CancelTrainingRunResult', CancelTrainingRunSuccess, [
  'NotFound',
  'NotCancellable',
])
export const ResumeTrainingRunResult = resultUnion('ResumeTrainingRunResult', ResumeTrainingRunSuccess, [
  'NotFound',
  'NotResumable',
])
export const DeleteTrainingRunResult = resultUnion('DeleteTrainingRunResult', DeleteTrainingRunSuccess, [
  'NotFound',
  'InUse',
])
