import { ArgsType, Field } from 'type-graphql'
import { ModelReference, PictureReference } from '../prediction.input.js'

@ArgsType()
export class ExplanationArgs {
  @Field(() => PictureReference, { description: 'The picture.' })
  picture!: PictureReference

  @Field(() => ModelReference, {
    nullable: true,
    description: 'What is to explain it; the checkpoint that was asked, for a prediction, if left out.',
  })
  model?: ModelReference | null

  @Field(() => String, {
    nullable: true,
    description: 'One of its classes: what would speak for that; the likeliest if left out.',
  })
  label?: string | null
}
