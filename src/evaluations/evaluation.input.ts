import { Field, ID, InputType } from 'type-graphql'
import type { SplitName as SplitWord } from '../domain/status.js'
import { SplitName } from '../graphql/enums.js'

@InputType({ description: 'What is to be evaluated, and on which pictures.' })
export class EvaluateCheckpointInput {
  @Field(() => ID, { description: 'The checkpoint.' })
  checkpointId!: string

  @Field(() => ID, { description: "A dataset version with the checkpoint's classes, in any order." })
  datasetVersionId!: string

  @Field(() => SplitName, { nullable: true, defaultValue: 'TEST', description: 'The part of it to evaluate on.' })
  split?: SplitWord | null
}
