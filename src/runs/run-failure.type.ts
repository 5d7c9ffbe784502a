import { Field, ObjectType } from 'type-graphql'
import { RUN_FAILURE_CODES, type HyperparameterChange, type RunFailure } from '../domain/failure.js'
import { enumOf } from '../graphql/enums.js'

export const RunFailureCode = enumOf(
  { name: 'RunFailureCode', description: 'Why a run could not go on.' },
  RUN_FAILURE_CODES,
  {
    OUT_OF_MEMORY: 'The device or the machine ran out of memory.',
    NON_FINITE_LOSS: 'The loss became infinite or undefined: learning diverged.',
    DATASET_UNAVAILABLE: 'Pictures of the version are missing from storage or damaged.',
    WEIGHTS_UNAVAILABLE: "The trunk's weights are missing, wrong or out of reach.",
    ENGINE_UNAVAILABLE: 'The engine that was asked for is not there.',
    TRAINER_LOST: 'Three trainers died under it.',
    STORAGE_FULL: 'There was no room left to store its results.',
    INTERNAL: 'A fault of Graft itself; its log has more.',
  },
)

@ObjectType('HyperparameterChange', { description: 'A value to start the next run with.', simpleResolvers: true })
export class HyperparameterChangeType implements HyperparameterChange {
  @Field(() => String, { description: 'The field of HyperparametersInput.' })
  readonly name!: string

  @Field(() => String, { description: 'Its value as it is written in GraphQL.' })
  readonly value!: string
}

@ObjectType({ description: 'What to do about a failure.', simpleResolvers: true })
export class RunSuggestion {
  @Field(() => String, { description: 'The way out, for people.' })
  readonly text!: string

  @Field(() => [HyperparameterChangeType], { description: 'The way out, for a client to start the next run with.' })
  readonly changes!: HyperparameterChange[]
}

@ObjectType('RunFailure', { description: 'Why a run failed.', simpleResolvers: true })
export class RunFailureType implements RunFailure {
  @Field(() => RunFailureCode, { description: 'Why, for programs.' })
  readonly code!: RunFailure['code']

  @Field(() => String, { description: 'Why, for people.' })
  readonly message!: string

  @Field(() => RunSuggestion, { nullable: true, description: 'What to do, where a user can mend it.' })
  readonly suggestion!: RunFailure['suggestion']
}
