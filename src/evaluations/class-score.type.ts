import { Field, Float, ObjectType } from 'type-graphql'
import type { ClassScore } from './class-score.js'

@ObjectType('ClassScore', { description: 'A class and how likely it is.', simpleResolvers: true })
export class ClassScoreType implements ClassScore {
  @Field(() => String, { description: 'The class.' })
  readonly label!: string

  @Field(() => Float, { description: 'From 0 to 1; all classes sum to 1.' })
  readonly probability!: number

  @Field(() => Float, {
    nullable: true,
    description: "Scaled by the checkpoint's temperature, so that it is right as often as it says; null without one.",
  })
  readonly calibratedProbability!: number | null
}
