import { Field, Float, Int, ObjectType } from 'type-graphql'
import type { AverageMetrics, ClassificationReport, ClassMetrics } from '../evaluation/report.type.js'
import { ClassMetricsType } from '../runs/class-metrics.type.js'

@ObjectType('AverageMetrics', { description: 'Figures over all classes.', simpleResolvers: true })
export class AverageMetricsType implements AverageMetrics {
  @Field(() => Float, { description: 'Averaged precision.' })
  readonly precision!: number

  @Field(() => Float, { description: 'Averaged recall.' })
  readonly recall!: number

  @Field(() => Float, { description: 'Averaged F1.' })
  readonly f1Score!: number

  @Field(() => Int, { description: 'Pictures.' })
  readonly support!: number
}

@ObjectType('ClassificationReport', {
  description: 'How well the classes are told apart, as scikit-learn defines every figure.',
  simpleResolvers: true,
})
export class ClassificationReportType implements ClassificationReport {
  @Field(() => [ClassMetricsType], { description: 'In class order.' })
  readonly perClass!: ClassMetrics[]

  @Field(() => AverageMetricsType, { description: 'Over all pictures alike.' })
  readonly microAvg!: AverageMetrics

  @Field(() => AverageMetricsType, { description: 'Over all classes alike.' })
  readonly macroAvg!: AverageMetrics

  @Field(() => AverageMetricsType, { description: 'Over all classes by their support.' })
  readonly weightedAvg!: AverageMetrics

  @Field(() => Float, { description: 'Share of the pictures that is right.' })
  readonly accuracy!: number

  @Field(() => [[Int]], { description: 'Rows actual, columns predicted, in class order.' })
  readonly confusionMatrix!: number[][]

  @Field(() => String, {
    description: 'The table people know: label, f1-score, precision, recall, support; six decimals.',
  })
  readonly text!: string
}
