import { Field, Float, ObjectType } from 'type-graphql'
import { resultUnion } from '../graphql/refusals.type.js'
import { TrainingRunType } from '../runs/training-run.type.js'
import type { ClassDelta, HyperparameterDifference, ResultFigures } from './comparison.js'

@ObjectType('HyperparameterDifference', { description: 'A hyperparameter that differs.', simpleResolvers: true })
export class HyperparameterDifferenceType implements HyperparameterDifference {
  @Field(() => String, { description: 'The field of Hyperparameters.' })
  readonly name!: string

  @Field(() => [String], { description: 'As written in GraphQL, in the order of `runs`.' })
  readonly values!: string[]
}

@ObjectType('ClassDelta', { description: "One class's F1 against the first run's.", simpleResolvers: true })
export class ClassDeltaType implements ClassDelta {
  @Field(() => String, { description: 'The class.' })
  readonly label!: string

  @Field(() => Float, { description: "This run's F1." })
  readonly f1Score!: number

  @Field(() => Float, { nullable: true, description: "Less the first run's; null where that has no such class." })
  readonly f1Delta!: number | null
}

@ObjectType('RunResult', {
  description: "A run's figures on TEST against the first run's; null or empty without an evaluation on TEST.",
  simpleResolvers: true,
})
export class RunResultType implements ResultFigures {
  @Field(() => TrainingRunType, { description: 'The run.' })
  readonly run!: TrainingRunType

  @Field(() => Float, { nullable: true, description: 'Accuracy on TEST.' })
  readonly testAccuracy!: number | null

  @Field(() => Float, { nullable: true, description: "Less the first run's." })
  readonly testAccuracyDelta!: number | null

  @Field(() => Float, { nullable: true, description: "Mean of the classes' F1 on TEST." })
  readonly macroF1!: number | null

  @Field(() => Float, { nullable: true, description: "Less the first run's." })
  readonly macroF1Delta!: number | null

  @Field(() => [ClassDeltaType], { description: 'By class, in class order.' })
  readonly perClass!: ClassDelta[]
}

@ObjectType({ description: 'Runs side by side.', simpleResolvers: true })
export class TrainingRunComparison {
  @Field(() => [TrainingRunType], { description: 'In the order that was asked for.' })
  readonly runs!: TrainingRunType[]

  @Field(() => [HyperparameterDifferenceType], { description: 'Where their hyperparameters differ.' })
  readonly differences!: HyperparameterDifference[]

  @Field(() => [RunResultType], { description: 'In the order of `runs`.' })
  readonly results!: RunResultType[]
}

export const CompareTrainingRunsResult = resultUnion('CompareTrainingRunsResult', TrainingRunComparison, [
  'InvalidInput',
  'NotFound',
])
