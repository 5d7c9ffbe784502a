import { Field, Float, Int, ObjectType } from 'type-graphql'
import { z } from 'zod'
import type { Epoch as EpochRow } from '../database/generated/client.js'
import type { ClassMetrics } from '../evaluation/report.type.js'
import { temperatureUndefinedBecause } from '../evaluation/temperature.js'
import { globalId } from '../graphql/ids.js'
import { Node } from '../graphql/node.type.js'
import { DateTime } from '../graphql/scalars.js'
import { ClassMetricsType } from './class-metrics.type.js'

const figure = z.number()
const storedMetrics = z.array(
  z.object({ label: z.string(), precision: figure, recall: figure, f1Score: figure, support: z.int() }),
)

@ObjectType('Epoch', {
  implements: Node,
  description: 'One pass over TRAIN, and what VALIDATION said after it.',
  simpleResolvers: true,
})
export class EpochType implements Node {
  constructor(readonly row: EpochRow) {}

  get id(): string {
    return globalId('Epoch', this.row.id)
  }

  @Field(() => Int, { description: 'From 1.' })
  get number(): number {
    return this.row.number
  }

  @Field(() => Float, { description: 'What was minimised: cross-entropy, smoothed and weighted as asked.' })
  get trainLoss(): number {
    return this.row.trainLoss
  }

  @Field(() => Float, {
    description: 'Share of TRAIN that was right while it was learnt; of mixed pictures the larger part counts.',
  })
  get trainAccuracy(): number {
    return this.row.trainAccuracy
  }

  @Field(() => Float, { description: 'Plain cross-entropy on VALIDATION.' })
  get validationLoss(): number {
    return this.row.validationLoss
  }

  @Field(() => Float, { description: 'Share of VALIDATION that was right.' })
  get validationAccuracy(): number {
    return this.row.validationAccuracy
  }

  @Field(() => Float, { description: "The head's, at the epoch's last step." })
  get learningRate(): number {
    return this.row.learningRate
  }

  @Field(() => [ClassMetricsType], { description: 'On VALIDATION, in class order.' })
  get perClass(): ClassMetrics[] {
    return storedMetrics.parse(this.row.perClass)
  }

  @Field(() => Float, { description: "Mean of the classes' F1 on VALIDATION." })
  get macroF1(): number {
    return this.row.macroF1
  }

  @Field(() => Float, {
    nullable: true,
    description: "Mean of the classes' recall on VALIDATION. Null in epochs from before it was kept.",
  })
  get balancedAccuracy(): number | null {
    return this.row.balancedAccuracy
  }

  @Field(() => Float, {
    nullable: true,
    description: "Cohen's kappa on VALIDATION: agreement beyond chance. Null in epochs from before it was kept.",
  })
  get cohenKappa(): number | null {
    return this.row.cohenKappa
  }

  @Field(() => Float, {
    nullable: true,
    description: 'Matthews correlation on VALIDATION. Null in epochs from before it was kept.',
  })
  get matthewsCorrelation(): number | null {
    return this.row.matthewsCorrelation
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'Expected calibration error on VALIDATION, over ten equal bins. Null in epochs from before it was kept.',
  })
  get expectedCalibrationError(): number | null {
    return this.row.expectedCalibrationError
  }

  @Field(() => Float, {
    nullable: true,
    description: 'What its probabilities are to be scaled by: the temperature of the least loss on VALIDATION.',
  })
  get temperature(): number | null {
    return this.row.temperature
  }

  @Field(() => String, { nullable: true, description: 'Why there is no temperature.' })
  get temperatureUndefinedBecause(): string | null {
    return temperatureUndefinedBecause(this.row.temperature, this.row.validationAccuracy)
  }

  @Field(() => Float, { description: 'How long it took.' })
  get seconds(): number {
    return this.row.seconds
  }

  @Field(() => Float, { description: 'Pictures of TRAIN a second.' })
  get imagesPerSecond(): number {
    return this.row.imagesPerSecond
  }

  @Field(() => DateTime, { description: 'When it was stored.' })
  get finishedAt(): Date {
    return this.row.finishedAt
  }
}
