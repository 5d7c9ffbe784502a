import { Field, Float, Int, ObjectType } from 'type-graphql'
import type { TrainingRun as TrainingRunRow } from '../database/generated/client.js'
import { NO_PROGRESS, runProgress, type RunProgress } from '../domain/progress.js'
import type { TrainingRunStatus as Status } from '../domain/status.js'
import { TrainingRunStatus } from '../graphql/enums.js'
import { TrainingRunType } from './training-run.type.js'

@ObjectType('TrainingProgress', { description: 'Where a run stands, inside its epoch too.' })
export class TrainingProgressType implements RunProgress {
  readonly #progress: RunProgress

  constructor(readonly row: TrainingRunRow) {
    this.#progress = row.progress === null ? NO_PROGRESS : runProgress.parse(row.progress)
  }

  @Field(() => TrainingRunType, { description: 'The run.' })
  get trainingRun(): TrainingRunType {
    return new TrainingRunType(this.row)
  }

  @Field(() => TrainingRunStatus, { description: 'Where it stands.' })
  get status(): Status {
    return this.row.status
  }

  @Field(() => Int, { description: 'Pictures whose features are there.' })
  get featuresDone(): number {
    return this.#progress.featuresDone
  }

  @Field(() => Int, { description: 'Pictures whose features it needs; 0 until that is known.' })
  get featuresTotal(): number {
    return this.#progress.featuresTotal
  }

  @Field(() => Int, { description: 'The epoch that is being trained, from 1; 0 before the first.' })
  get epoch(): number {
    return this.#progress.epoch
  }

  @Field(() => Int, { description: 'Steps of the epoch that are done.' })
  get step(): number {
    return this.#progress.step
  }

  @Field(() => Int, { description: 'Steps that an epoch has; 0 until that is known.' })
  get stepsPerEpoch(): number {
    return this.#progress.stepsPerEpoch
  }

  @Field(() => Float, { nullable: true, description: "The latest step's loss." })
  get loss(): number | null {
    return this.#progress.loss
  }

  @Field(() => Float, { nullable: true, description: 'Pictures a second, now.' })
  get imagesPerSecond(): number | null {
    return this.#progress.imagesPerSecond
  }

  @Field(() => Float, { nullable: true, description: 'Until training ends, as far as can be told now.' })
  get secondsLeft(): number | null {
    return this.#progress.secondsLeft
  }
}
