import { Field, Float, Int, ObjectType } from 'type-graphql'

@ObjectType({
  description:
    'How far pictures that came in lately have drifted from those that were learnt from: by their features under the trunk.',
  simpleResolvers: true,
})
export class AliasDrift {
  @Field(() => Int, { description: 'Predictions that it is of: the last ones, at most 1,000.' })
  readonly predictionCount!: number

  @Field(() => Float, {
    nullable: true,
    description:
      'By how many standard deviations the features have shifted from those of TRAIN: the root mean square, over all features, of the standardised mean difference (x - y) / sqrt((s² + t²) / 2).',
  })
  readonly shift!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'What is normal: the shift that so many pictures of VALIDATION have in the mean.',
  })
  readonly validationShift!: number | null

  @Field(() => String, { nullable: true, description: 'Why one of them is null.' })
  readonly undefinedBecause!: string | null
}
