import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { Trunk } from '../database/generated/client.js'
import { PageArgs } from '../graphql/connections.js'
import type { GraphContext } from '../graphql/context.js'
import { NEWEST_FIRST, paginate } from '../graphql/paginate.js'
import type { RunRepositories } from '../runs/runs.module.js'
import { TrainingRunType } from '../runs/training-run.type.js'
import { TrunkType } from '../runs/trunk.type.js'
import type { AliasRepository } from './alias.repository.js'
import { checkpointPlace } from './checkpoint.place.js'
import type { CheckpointRepository } from './checkpoint.repository.js'
import { CheckpointConnection, CheckpointType } from './checkpoint.type.js'

interface Repositories extends RunRepositories {
  readonly aliases: AliasRepository
}

@Resolver(() => CheckpointType)
export class CheckpointResolver {
  constructor(private readonly repositories: Repositories) {}

  @FieldResolver(() => TrainingRunType, { description: 'The run that made it.' })
  async trainingRun(@Root() { row }: CheckpointType, @Ctx() context: GraphContext): Promise<TrainingRunType | null> {
    const run = await context.loaders.of(this.repositories.runs.byIds).load(row.trainingRunId)
    return run && new TrainingRunType(run)
  }

  @FieldResolver(() => TrunkType, { description: 'What its head was grafted on; it is served with no other.' })
  async trunk(@Root() checkpoint: CheckpointType, @Ctx() context: GraphContext): Promise<Trunk | null> {
    const digest = (await this.trainingRun(checkpoint, context))?.row.trunkSha256 ?? null
    return digest === null ? null : context.loaders.of(this.repositories.trunks.bySha256).load(digest)
  }

  @FieldResolver(() => [String], { description: 'The names that point to it, in order.' })
  aliases(@Root() { row }: CheckpointType, @Ctx() context: GraphContext): Promise<readonly string[]> {
    return context.loaders.of(this.repositories.aliases.namesOf).load(row.id)
  }
}

@Resolver(() => TrainingRunType)
export class CheckpointsOfRunResolver {
  constructor(private readonly repository: CheckpointRepository) {}

  @FieldResolver(() => CheckpointConnection, {
    description: 'One for each epoch that was the best so far, newest first; the best and the last three are kept.',
  })
  checkpoints(@Root() { row: { id } }: TrainingRunType, @Args(() => PageArgs) args: PageArgs) {
    return paginate({
      connection: `TrainingRun.checkpoints ${id}`,
      args,
      keyset: NEWEST_FIRST,
      rows: (after, limit) => this.repository.list(id, after, limit),
      count: () => this.repository.count(id),
      node: (row) => new CheckpointType(row),
    })
  }

  @FieldResolver(() => CheckpointType, { nullable: true, description: "The best epoch's." })
  async bestCheckpoint(@Root() { row }: TrainingRunType, @Ctx() context: GraphContext): Promise<CheckpointType | null> {
    if (row.bestEpochNumber === null) return null
    const place = checkpointPlace(row.id, row.bestEpochNumber)
    const checkpoint = await context.loaders.of(this.repository.byPlaces).load(place)
    return checkpoint && new CheckpointType(checkpoint)
  }

  @FieldResolver(() => CheckpointType, { nullable: true, description: 'The checkpoint that it started from.' })
  async fromCheckpoint(@Root() { row }: TrainingRunType, @Ctx() context: GraphContext): Promise<CheckpointType | null> {
    if (row.fromCheckpointId === null) return null
    const checkpoint = await context.loaders.of(this.repository.byIds).load(row.fromCheckpointId)
    return checkpoint && new CheckpointType(checkpoint)
  }
}
