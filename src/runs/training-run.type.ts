import { Field, Int, ObjectType } from 'type-graphql'
import { z } from 'zod'
import type { TrainingRun as TrainingRunRow } from '../database/generated/client.js'
import { RUN_FAILURE_CODES, type RunFailure } from '../domain/failure.js'
import { readHyperparameters, type Hyperparameters } from '../domain/hyperparameters.js'
import type { TrainingRunStatus as Status } from '../domain/status.js'
import { connectionOf } from '../graphql/connections.js'
import { TrainingRunStatus } from '../graphql/enums.js'
import { globalId } from '../graphql/ids.js'
import { Node } from '../graphql/node.type.js'
import { DateTime } from '../graphql/scalars.js'
import { EngineInfoType, readEngineInfo, type EngineInfo } from './engine-info.type.js'
import { HyperparametersType } from './hyperparameters.type.js'
import { RunFailureType } from './run-failure.type.js'

const storedFailure: z.ZodType<RunFailure> = z.object({
  code: z.enum(RUN_FAILURE_CODES),
  message: z.string(),
  suggestion: z
    .object({ text: z.string(), changes: z.array(z.object({ name: z.string(), value: z.string() })) })
    .nullable(),
})

@ObjectType('TrainingRun', {
  implements: Node,
  description: 'One fine-tuning of a head on a dataset version.',
  simpleResolvers: true,
})
export class TrainingRunType implements Node {
  constructor(readonly row: TrainingRunRow) {}

  get id(): string {
    return globalId('TrainingRun', this.row.id)
  }

  @Field(() => String, { description: 'What people call it.' })
  get name(): string {
    return this.row.name
  }

  @Field(() => TrainingRunStatus, { description: 'Where it stands.' })
  get status(): Status {
    return this.row.status
  }

  @Field(() => HyperparametersType, { description: 'Every default filled in: what really ran.' })
  get hyperparameters(): Hyperparameters {
    return readHyperparameters(this.row.hyperparameters)
  }

  @Field(() => EngineInfoType, {
    nullable: true,
    description: 'What trains it, once it has started; pinned by the first attempt.',
  })
  get engine(): EngineInfo | null {
    return readEngineInfo(this.row.engine)
  }

  @Field(() => RunFailureType, { nullable: true, description: 'Why it failed, and what to do about it.' })
  get failure(): RunFailure | null {
    return this.row.failure === null ? null : storedFailure.parse(this.row.failure)
  }

  @Field(() => Int, { description: '1, plus one for every trainer that died under it.' })
  get attempts(): number {
    return this.row.attempts
  }

  @Field(() => DateTime, { description: 'When it was asked for.' })
  get createdAt(): Date {
    return this.row.createdAt
  }

  @Field(() => DateTime, { nullable: true, description: 'When a trainer first took it.' })
  get startedAt(): Date | null {
    return this.row.startedAt
  }

  @Field(() => DateTime, { nullable: true, description: 'When it ended, however it ended.' })
  get finishedAt(): Date | null {
    return this.row.finishedAt
  }
}

export const TrainingRunConnection = connectionOf('TrainingRun', () => TrainingRunType)
