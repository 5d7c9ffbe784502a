import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import type { Alias as AliasRow, AliasAssignment as AssignmentRow } from '../database/generated/client.js'
import type { FeedbackCounts } from './alias.repository.js'
import { globalId } from '../graphql/ids.js'
import { Node } from '../graphql/node.type.js'
import { resultUnion } from '../graphql/refusals.type.js'
import { DateTime } from '../graphql/scalars.js'

@ObjectType('Alias', { implements: Node, description: 'A name that points to a checkpoint and can be moved.' })
export class AliasType implements Node {
  constructor(readonly row: AliasRow) {}

  get id(): string {
    return globalId('Alias', this.row.id)
  }

  @Field(() => String, { description: 'a-z 0-9 - / up to 64, e.g. "cats-dogs/production".' })
  get name(): string {
    return this.row.name
  }

  @Field(() => DateTime, { description: 'When it was pointed to that checkpoint.' })
  get assignedAt(): Date {
    return this.row.assignedAt
  }
}

@ObjectType('AliasFeedback', { description: 'How often callers of an alias said that it was right.' })
export class AliasFeedbackType {
  constructor(private readonly counts: FeedbackCounts) {}

  @Field(() => Int, { description: 'Predictions that have feedback.' })
  get count(): number {
    return this.counts.count
  }

  @Field(() => Int, { description: 'Those of them whose feedback names the class that the picture was taken for.' })
  get correct(): number {
    return this.counts.correct
  }

  @Field(() => Float, {
    nullable: true,
    description: 'The share of correct ones; null without feedback. People report mistakes more often than successes.',
  })
  get accuracy(): number | null {
    return this.counts.count === 0 ? null : this.counts.correct / this.counts.count
  }
}

@ObjectType('AliasAssignment', { description: 'What an alias once pointed to.' })
export class AliasAssignmentType {
  constructor(readonly row: AssignmentRow) {}

  @Field(() => DateTime, { description: 'Since when.' })
  get assignedAt(): Date {
    return this.row.assignedAt
  }
}

@ObjectType({ description: 'The alias points to the checkpoint.', simpleResolvers: true })
export class AssignAliasSuccess {
  @Field(() => AliasType, { description: 'The alias.' })
  readonly alias!: AliasType
}

@ObjectType({ description: 'The alias points to what it pointed to before.', simpleResolvers: true })
export class RevertAliasSuccess {
  @Field(() => AliasType, { description: 'The alias.' })
  readonly alias!: AliasType
}

@ObjectType({ description: 'The alias is gone; its checkpoint stays.', simpleResolvers: true })
export class DeleteAliasSuccess {
  @Field(() => ID, { description: 'The id that it had.' })
  readonly deletedId!: string
}

export const AssignAliasResult = resultUnion('AssignAliasResult', AssignAliasSuccess, [
  'InvalidInput',
  'NotFound',
  'RequirementNotMet',
])
export const RevertAliasResult = resultUnion('RevertAliasResult', RevertAliasSuccess, ['InvalidInput', 'NotFound'])
export const DeleteAliasResult = resultUnion('DeleteAliasResult', DeleteAliasSuccess, ['NotFound'])
