import { Field, Float, Int, ObjectType } from 'type-graphql'
import type { Checkpoint as CheckpointRow } from '../database/generated/client.js'
import { temperatureUndefinedBecause } from '../evaluation/temperature.js'
import { connectionOf } from '../graphql/connections.js'
import { globalId } from '../graphql/ids.js'
import { Node } from '../graphql/node.type.js'
import { BigIntScalar, DateTime } from '../graphql/scalars.js'

@ObjectType('Checkpoint', {
  implements: Node,
  description:
    'What a run had learnt after the epoch that was the best so far, the head and the layers trained with it, ready to be served.',
})
export class CheckpointType implements Node {
  constructor(readonly row: CheckpointRow) {}

  get id(): string {
    return globalId('Checkpoint', this.row.id)
  }

  @Field(() => Int, { description: 'The epoch after which it was taken.' })
  get epoch(): number {
    return this.row.epoch
  }

  @Field(() => Float, { description: "That epoch's loss on VALIDATION." })
  get validationLoss(): number {
    return this.row.validationLoss
  }

  @Field(() => Float, { description: "That epoch's accuracy on VALIDATION." })
  get validationAccuracy(): number {
    return this.row.validationAccuracy
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'What makes its probabilities as sure as they are right: the temperature of the least validation loss.',
  })
  get temperature(): number | null {
    return this.row.temperature
  }

  @Field(() => String, { nullable: true, description: 'Why there is no temperature.' })
  get temperatureUndefinedBecause(): string | null {
    return temperatureUndefinedBecause(this.row.temperature, this.row.validationAccuracy)
  }

  @Field(() => BigIntScalar, { description: 'Size of its file in bytes.' })
  get byteSize(): bigint {
    return this.row.byteSize
  }

  @Field(() => String, { description: 'Of its file, in hexadecimal.' })
  get sha256(): string {
    return this.row.sha256
  }

  @Field(() => DateTime, { description: 'When it was stored.' })
  get createdAt(): Date {
    return this.row.createdAt
  }
}

export const CheckpointConnection = connectionOf('Checkpoint', () => CheckpointType)
