import { ArgsType, Field, Float, ID, InputType, Int } from 'type-graphql'
import { ImageSource } from '../datasets/image.input.js'
import { PageArgs } from '../graphql/connections.js'

/** schema.ts makes it @oneOf. */
@InputType({ description: 'Exactly one of these.' })
export class ModelReference {
  @Field(() => ID, { nullable: true, description: 'A checkpoint.' })
  checkpointId?: string

  @Field(() => String, { nullable: true, description: 'Whatever checkpoint an alias points to now.' })
  alias?: string
}

/** schema.ts makes it @oneOf. */
@InputType({ description: 'Exactly one of these.' })
export class PictureReference {
  @Field(() => ID, { nullable: true, description: 'A picture of a dataset.' })
  imageId?: string

  @Field(() => ID, { nullable: true, description: 'The picture of a prediction, where it was kept.' })
  predictionId?: string

  @Field(() => String, {
    nullable: true,
    description: 'The picture itself in base64, with or without a data: prefix; looked at and not kept.',
  })
  base64?: string
}

@InputType({ description: 'A picture, and what is to classify it.' })
export class ClassifyInput {
  @Field(() => ImageSource, { description: 'The picture.' })
  image!: ImageSource

  @Field(() => ModelReference, { description: 'What is to classify it.' })
  model!: ModelReference

  @Field(() => Int, { nullable: true, defaultValue: 5, description: 'How many of the likeliest classes, 1-1,000.' })
  topK?: number | null
}

@InputType({ description: 'Pictures, and what is to classify them.' })
export class ClassifyManyInput {
  @Field(() => [ImageSource], { description: 'The pictures, 1-64.' })
  images!: ImageSource[]

  @Field(() => ModelReference, { description: 'What is to classify them.' })
  model!: ModelReference

  @Field(() => Int, { nullable: true, defaultValue: 5, description: 'How many of the likeliest classes, 1-1,000.' })
  topK?: number | null
}

@ArgsType()
export class EmbeddingArgs {
  @Field(() => ImageSource, { description: 'The picture.' })
  image!: ImageSource

  @Field(() => Int, {
    nullable: true,
    defaultValue: 224,
    description: 'Pixels of the square that the trunk sees: a multiple of 32, 32-512.',
  })
  imageSize?: number | null
}

@InputType({ description: 'What a picture really shows.' })
export class RecordFeedbackInput {
  @Field(() => ID, { description: 'The prediction that it is about.' })
  predictionId!: string

  @Field(() => String, { description: 'What the picture shows; 1-200 characters.' })
  correctLabel!: string

  @Field(() => ID, { nullable: true, description: 'A dataset that is to get the picture under that label.' })
  addToDatasetId?: string | null
}

@InputType({ description: 'Which predictions to list; every condition given must hold.' })
export class PredictionFilter {
  @Field(() => ID, { nullable: true, description: 'Those of this checkpoint.' })
  checkpointId?: string | null

  @Field(() => String, { nullable: true, description: 'Those asked through this alias.' })
  alias?: string | null

  @Field(() => String, { nullable: true, description: 'Those that took the picture for this class.' })
  label?: string | null

  @Field(() => Float, { nullable: true, description: 'Those that were no surer than this.' })
  maxConfidence?: number | null

  @Field(() => Boolean, { nullable: true, description: 'Those with feedback, or those without.' })
  hasCorrectLabel?: boolean | null
}

@ArgsType()
export class PredictionsArgs extends PageArgs {
  @Field(() => PredictionFilter, { nullable: true, description: 'Which predictions; default all.' })
  filter?: PredictionFilter | null
}
