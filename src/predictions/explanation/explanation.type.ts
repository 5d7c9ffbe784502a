import { Field, Float, Int, ObjectType } from 'type-graphql'
import { resultUnion } from '../../graphql/refusals.type.js'

/** `checkpoint` and `url` are added by the resolver. */
@ObjectType({
  description: 'Where in a picture a checkpoint finds what speaks for a class, by Grad-CAM.',
  simpleResolvers: true,
})
export class Explanation {
  @Field(() => String, { description: 'The class.' })
  readonly label!: string

  @Field(() => Float, { description: 'Its probability.' })
  readonly confidence!: number

  @Field(() => Int, { description: 'Pixels of the square that the network saw: the middle of the picture.' })
  readonly imageSize!: number

  @Field(() => [[Float]], {
    description:
      'A grid over that square, row after row from the top, a value for every 32 pixels: 0 to 1 at the strongest place, ' +
      'and 0 everywhere where nothing speaks for the class.',
  })
  readonly values!: number[][]
}

export const ExplanationResult = resultUnion('ExplanationResult', Explanation, [
  'InvalidInput',
  'NotFound',
  'PictureNotKept',
  'UnreadableImage',
  'ImageTooLarge',
  'TrunkUnavailable',
])
