import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { GraphContext } from '../graphql/context.js'
import { IdempotencyConflict } from '../graphql/refusals.type.js'
import { EpochType } from './epoch.type.js'
import type { TrainingRunRepository } from './training-run.repository.js'
import { TrainingRunType } from './training-run.type.js'

@Resolver(() => EpochType)
export class EpochResolver {
  constructor(private readonly runs: TrainingRunRepository) {}

  @FieldResolver(() => TrainingRunType, { description: 'The run that it belongs to.' })
  async trainingRun(@Root() { row }: EpochType, @Ctx() context: GraphContext): Promise<TrainingRunType | null> {
    const run = await context.loaders.of(this.runs.byIds).load(row.trainingRunId)
    return run && new TrainingRunType(run)
  }
}

@Resolver(() => IdempotencyConflict)
export class IdempotencyConflictResolver {
  constructor(private readonly runs: TrainingRunRepository) {}

  @FieldResolver(() => TrainingRunType, { description: 'The run that the key made.' })
  async trainingRun(@Root() conflict: IdempotencyConflict, @Ctx() context: GraphContext) {
    const run = await context.loaders.of(this.runs.byIds).load(conflict.trainingRunId)
    return run && new TrainingRunType(run)
  }
}
