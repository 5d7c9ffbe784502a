import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { Dataset as DatasetRow } from '../database/generated/client.js'
import { connectionOf } from '../graphql/connections.js'
import { globalId } from '../graphql/ids.js'
import { Node } from '../graphql/node.type.js'
import { resultUnion } from '../graphql/refusals.type.js'
import { DateTime } from '../graphql/scalars.js'

@ObjectType('Dataset', { implements: Node, description: 'Labelled pictures that grow as they are added.' })
export class DatasetType implements Node {
  constructor(readonly row: DatasetRow) {}

  get id(): string {
    return globalId('Dataset', this.row.id)
  }

  @Field(() => String, { description: 'Its name, unique.' })
  get name(): string {
    return this.row.name
  }

  @Field(() => String, { nullable: true, description: 'What it is about.' })
  get description(): string | null {
    return this.row.description
  }

  @Field(() => DateTime, { description: 'When it was created.' })
  get createdAt(): Date {
    return this.row.createdAt
  }
}

@ObjectType({ description: 'A class and its pictures.', simpleResolvers: true })
export class LabelCount {
  @Field(() => String, { description: 'The class.' })
  readonly label!: string

  @Field(() => Int, { description: 'How many pictures have it.' })
  readonly imageCount!: number
}

export const DatasetConnection = connectionOf('Dataset', () => DatasetType)

@ObjectType({ description: 'The dataset was created.', simpleResolvers: true })
export class CreateDatasetSuccess {
  @Field(() => DatasetType, { description: 'The new dataset.' })
  readonly dataset!: DatasetType
}

@ObjectType({ description: 'The dataset was changed.', simpleResolvers: true })
export class UpdateDatasetSuccess {
  @Field(() => DatasetType, { description: 'The dataset as it is now.' })
  readonly dataset!: DatasetType
}

@ObjectType({ description: 'The dataset and everything below it is gone.', simpleResolvers: true })
export class DeleteDatasetSuccess {
  @Field(() => ID, { description: 'The id that it had.' })
  readonly deletedId!: string
}

export const CreateDatasetResult = resultUnion('CreateDatasetResult', CreateDatasetSuccess, [
  'InvalidInput',
  'NameTaken',
])
export const UpdateDatasetResult = resultUnion('UpdateDatasetResult', UpdateDatasetSuccess, [
  'InvalidInput',
  'NotFound',
  'NameTaken',
])
export const DeleteDatasetResult = resultUnion('DeleteDatasetResult', DeleteDatasetSuccess, ['NotFound', 'InUse'])
