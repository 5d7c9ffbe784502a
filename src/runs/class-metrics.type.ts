import { Field, Float, Int, ObjectType } from 'type-graphql'
import type { ClassMetrics } from '../evaluation/report.type.js'

@ObjectType('ClassMetrics', {
  description: 'How well one class is told from the others; 0 where a figure is undefined.',
  simpleResolvers: true,
})
export class ClassMetricsType implements ClassMetrics {
  @Field(() => String, { description: 'The class.' })
  readonly label!: string

  @Field(() => Float, { description: 'Of the pictures taken for this class, the share that is of it.' })
  readonly precision!: number

  @Field(() => Float, { description: 'Of the pictures of this class, the share that was found.' })
  readonly recall!: number

  @Field(() => Float, { description: 'Harmonic mean of precision and recall.' })
  readonly f1Score!: number

  @Field(() => Int, { description: 'Pictures of this class.' })
  readonly support!: number
}
