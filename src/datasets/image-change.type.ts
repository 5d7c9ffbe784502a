import { Field, ID, Int, ObjectType } from 'type-graphql'
import { resultUnion } from '../graphql/refusals.type.js'
import { DatasetType } from './dataset.type.js'
import { ImageType } from './image.type.js'

@ObjectType({
  description: 'All of the pictures have the label; versions keep what they froze.',
  simpleResolvers: true,
})
export class RelabelImagesSuccess {
  @Field(() => [ImageType], { description: 'The pictures as they are now, each once, in the order of the ids.' })
  readonly images!: ImageType[]
}

@ObjectType({
  description: 'The dataset shows none of them any more; versions that hold them still do.',
  simpleResolvers: true,
})
export class RemoveImagesSuccess {
  @Field(() => [ID], { description: 'Their ids, each once; those that were removed before among them.' })
  readonly removedIds!: string[]
}

@ObjectType({ description: 'The class has its new name; versions keep what they froze.', simpleResolvers: true })
export class RenameClassSuccess {
  @Field(() => DatasetType, { description: 'The dataset as it is now.' })
  readonly dataset!: DatasetType

  @Field(() => Int, { description: 'How many pictures were given the new name.' })
  readonly imageCount!: number
}

export const RelabelImagesResult = resultUnion('RelabelImagesResult', RelabelImagesSuccess, [
  'InvalidInput',
  'NotFound',
])
export const RemoveImagesResult = resultUnion('RemoveImagesResult', RemoveImagesSuccess, ['InvalidInput', 'NotFound'])
export const RenameClassResult = resultUnion('RenameClassResult', RenameClassSuccess, [
  'InvalidInput',
  'NotFound',
  'NameTaken',
])
