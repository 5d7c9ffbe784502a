import { Field, Float, Int, ObjectType } from 'type-graphql'
import type { ConfusedPair } from '../evaluation/confused-pairs.js'
import type { AverageMetrics, ClassificationReport, ClassMetrics, UndefinedFigure } from '../evaluation/report.type.js'
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

@ObjectType('UndefinedFigure', { description: 'A figure that has no value, such as 0 of 0.', simpleResolvers: true })
export class UndefinedFigureType implements UndefinedFigure {
  @Field(() => String, { description: "The field's name." })
  readonly figure!: string

  @Field(() => String, { description: 'Why it has none.' })
  readonly reason!: string
}

@ObjectType('ConfusedPair', {
  description: 'Pictures of one class that were taken for another.',
  simpleResolvers: true,
})
export class ConfusedPairType implements ConfusedPair {
  @Field(() => String, { description: 'What they are.' })
  readonly actual!: string

  @Field(() => String, { description: 'What they were taken for.' })
  readonly predicted!: string

  @Field(() => Int, { description: 'Pictures.' })
  readonly count!: number

  @Field(() => Float, { description: 'Of all pictures of the class that they are.' })
  readonly share!: number
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

  @Field(() => Float, { nullable: true, description: "Mean of the classes' recall; null where one has no pictures." })
  readonly balancedAccuracy!: number | null

  @Field(() => Float, { nullable: true, description: "Cohen's kappa: agreement beyond chance." })
  readonly cohenKappa!: number | null

  @Field(() => Float, {
    description: 'Matthews correlation; 0 where all pictures are of one class or were taken for one.',
  })
  readonly matthewsCorrelation!: number

  @Field(() => [UndefinedFigureType], { description: 'The figures that are null, each with the reason.' })
  readonly undefinedFigures!: UndefinedFigure[]

  @Field(() => [[Int]], { description: 'Rows actual, columns predicted, in class order.' })
  readonly confusionMatrix!: number[][]

  @Field(() => String, {
    description: 'The table people know: label, f1-score, precision, recall, support; six decimals.',
  })
  readonly text!: string
}
