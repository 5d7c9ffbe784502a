import { ArgsType, Field, ID, InputType, Int } from 'type-graphql'
import { PageArgs } from '../graphql/connections.js'
import type { DuplicateKindWord } from './duplicate.type.js'
import { DuplicateKind } from './duplicate.type.js'

@InputType({ description: 'The dataset whose pictures are to be looked at.' })
export class InspectDatasetInput {
  @Field(() => ID, { description: 'Its id.' })
  datasetId!: string

  @Field(() => Int, {
    nullable: true,
    description:
      'Pixels of the square that the trunk sees, a multiple of 32, 32-512. By default that of the last run of a head, whose features are there; without one 224.',
  })
  imageSize?: number | null
}

@ArgsType()
export class DuplicatesArgs extends PageArgs {
  @Field(() => DuplicateKind, { nullable: true, description: 'Only groups of this kind.' })
  kind?: DuplicateKindWord | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: only groups whose pictures have different labels, which contradict each other. False: only the others.',
  })
  labelsDiffer?: boolean | null
}

@ArgsType()
export class DoubtfulLabelsArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Only pictures of this class.' })
  label?: string | null

  @Field(() => String, { nullable: true, description: 'Only pictures that rather show this class.' })
  suggestedLabel?: string | null
}

/** Pixels: pictures with a shorter side are tiny, unless told otherwise. */
export const LEAST_SIDE = 32

@ArgsType()
export class TinyImagesArgs extends PageArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: LEAST_SIDE,
    description: 'The shorter side in pixels that is enough.',
  })
  below?: number | null
}
