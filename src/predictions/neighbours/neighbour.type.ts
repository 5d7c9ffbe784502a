import { ArgsType, Field, Float, Int, ObjectType } from 'type-graphql'
import { resultUnion } from '../../graphql/refusals.type.js'
import { ModelReference, PictureReference } from '../prediction.input.js'

@ArgsType()
export class NeighboursArgs {
  @Field(() => PictureReference, { description: 'The picture.' })
  picture!: PictureReference

  @Field(() => ModelReference, {
    nullable: true,
    description: 'Whose training pictures; of the checkpoint that was asked, for a prediction, if left out.',
  })
  model?: ModelReference | null

  @Field(() => Int, { nullable: true, defaultValue: 10, description: 'How many of the most similar, 1-100.' })
  first?: number | null
}

/** `image` is added by the resolver. */
@ObjectType({ description: 'A training picture that is like another one.', simpleResolvers: true })
export class NeighbourImage {
  @Field(() => String, { description: 'The class that it was learnt as.' })
  readonly label!: string

  @Field(() => Float, { description: "The cosine of both pictures' features: 1 where they have the same direction." })
  readonly similarity!: number
}

@ObjectType({
  description: 'The pictures that a run learnt from which its trunk finds most like one; never the very same file.',
  simpleResolvers: true,
})
export class Neighbours {
  @Field(() => [NeighbourImage], { description: 'The most similar first.' })
  readonly pictures!: NeighbourImage[]

  @Field(() => Int, { description: 'Training pictures that were looked at: those whose features are kept.' })
  readonly comparedCount!: number

  @Field(() => Int, { description: 'Training pictures that there are.' })
  readonly trainingCount!: number
}

export const NeighboursResult = resultUnion('NeighboursResult', Neighbours, [
  'InvalidInput',
  'NotFound',
  'PictureNotKept',
  'FeaturesNotKept',
  'UnreadableImage',
  'ImageTooLarge',
  'TrunkUnavailable',
])
