import { Field, Float, ObjectType } from 'type-graphql'
import { resultUnion } from '../graphql/refusals.type.js'
import { TrunkType } from '../runs/trunk.type.js'

@ObjectType({ description: 'What the trunk alone makes of a picture.', simpleResolvers: true })
export class Embedding {
  @Field(() => [Float], { description: 'Its 2048 pooled features.' })
  readonly values!: number[]

  @Field(() => TrunkType, { description: 'The trunk that made them: those of another one cannot be compared.' })
  readonly trunk!: TrunkType
}

export const EmbeddingResult = resultUnion('EmbeddingResult', Embedding, [
  'InvalidInput',
  'UnreadableImage',
  'ImageTooLarge',
  'NotFound',
  'TrunkUnavailable',
])
