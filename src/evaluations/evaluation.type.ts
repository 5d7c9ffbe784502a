import { Field, Float, ObjectType } from 'type-graphql'
import type { Evaluation as EvaluationRow } from '../database/generated/client.js'
import type { JobState as State, SplitName as SplitWord } from '../domain/status.js'
import { connectionOf } from '../graphql/connections.js'
import { JobState, SplitName } from '../graphql/enums.js'
import { globalId } from '../graphql/ids.js'
import { Node } from '../graphql/node.type.js'
import { resultUnion } from '../graphql/refusals.type.js'
import { DateTime } from '../graphql/scalars.js'

@ObjectType('Evaluation', { implements: Node, description: 'What a checkpoint says of one part of a dataset version.' })
export class EvaluationType implements Node {
  constructor(readonly row: EvaluationRow) {}

  get id(): string {
    return globalId('Evaluation', this.row.id)
  }

  @Field(() => JobState, { description: 'Where it stands.' })
  get state(): State {
    return this.row.state
  }

  @Field(() => SplitName, { description: 'The part that it is about.' })
  get split(): SplitWord {
    return this.row.split
  }

  @Field(() => Float, { nullable: true, description: "Mean of its outcomes' losses, once SUCCEEDED." })
  get loss(): number | null {
    return this.row.loss
  }

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  get error(): string | null {
    return this.row.error
  }

  @Field(() => DateTime, { description: 'When it was asked for.' })
  get createdAt(): Date {
    return this.row.createdAt
  }
}

export const EvaluationConnection = connectionOf('Evaluation', () => EvaluationType)

@ObjectType({ description: 'The evaluation waits for a trainer.', simpleResolvers: true })
export class EvaluateCheckpointSuccess {
  @Field(() => EvaluationType, { description: 'The evaluation; follow it with evaluationChanged.' })
  readonly evaluation!: EvaluationType
}

export const EvaluateCheckpointResult = resultUnion('EvaluateCheckpointResult', EvaluateCheckpointSuccess, [
  'InvalidInput',
  'NotFound',
  'TrunkUnavailable',
])
