import { Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import type { Trunk } from '../database/generated/client.js'
import { HELD_STATUSES } from '../domain/status.js'
import type { GraphContext } from '../graphql/context.js'
import { EngineInfoType, readEngineInfo, type EngineInfo } from './engine-info.type.js'
import type { SystemRepository } from './system.repository.js'
import { System, TrainerType } from './system.type.js'
import type { TrainingRunRepository } from './training-run.repository.js'
import { TrainingRunType } from './training-run.type.js'
import type { TrunkRepository } from './trunk.repository.js'
import { TrunkType } from './trunk.type.js'

@Resolver(() => System)
export class SystemResolver {
  constructor(
    private readonly repository: SystemRepository,
    private readonly trunks: TrunkRepository,
    private readonly version: string,
  ) {}

  @Query(() => System, { description: 'Versions, trainers and what is waiting.' })
  system(): System {
    return new System(this.version)
  }

  @FieldResolver(() => EngineInfoType, { nullable: true, description: "The latest seen trainer's; null without one." })
  async engine(): Promise<EngineInfo | null> {
    const trainer = await this.repository.lastSeen()
    return readEngineInfo(trainer?.engine ?? null)
  }

  @FieldResolver(() => TrunkType, {
    nullable: true,
    description: 'The configured one, null until a trainer has read its weights.',
  })
  trunk(): Promise<Trunk | null> {
    return this.trunks.configured()
  }

  @FieldResolver(() => Int, { description: 'Runs that wait for a trainer.' })
  queuedRuns(): Promise<number> {
    return this.repository.countRuns(['QUEUED'])
  }

  @FieldResolver(() => Int, { description: 'Runs that have begun and not ended.' })
  runningRuns(): Promise<number> {
    return this.repository.countRuns(HELD_STATUSES)
  }

  @FieldResolver(() => [TrainerType], { description: 'Those that live, the latest seen first.' })
  async trainers(): Promise<TrainerType[]> {
    return (await this.repository.trainers()).map((row) => new TrainerType(row))
  }
}

@Resolver(() => TrainerType)
export class TrainerResolver {
  constructor(private readonly runs: TrainingRunRepository) {}

  @FieldResolver(() => TrainingRunType, { nullable: true, description: 'What it is training; null while it waits.' })
  async currentRun(@Root() trainer: TrainerType, @Ctx() context: GraphContext): Promise<TrainingRunType | null> {
    const id = trainer.row.currentRunId
    const run = id === null ? null : await context.loaders.of(this.runs.byIds).load(id)
    return run && new TrainingRunType(run)
  }
}
