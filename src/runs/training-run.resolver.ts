import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import type { DatasetVersion, Trunk } from '../database/generated/client.js'
import type { DatasetVersionRepository } from '../datasets/dataset-version.repository.js'
import { DatasetVersionType } from '../datasets/dataset-version.type.js'
import type { GraphContext } from '../graphql/context.js'
import { uuidOf } from '../graphql/ids.js'
import { firstOf, paginate } from '../graphql/paginate.js'
import { Architecture } from './architecture.type.js'
import { epochPlace, epochStretch } from './epoch.place.js'
import type { EpochRepository } from './epoch.repository.js'
import { EpochType } from './epoch.type.js'
import { TrainingRunsArgs, type TrainingRunFilter } from './training-run.input.js'
import { RUN_ORDERINGS } from './training-run.order.js'
import type { RunFilter, TrainingRunRepository } from './training-run.repository.js'
import { TrainingRunConnection, TrainingRunType } from './training-run.type.js'
import type { TrunkRepository } from './trunk.repository.js'
import { TrunkType } from './trunk.type.js'

interface Repositories {
  readonly runs: TrainingRunRepository
  readonly epochs: EpochRepository
  readonly trunks: TrunkRepository
  readonly versions: DatasetVersionRepository
}

@Resolver(() => TrainingRunType)
export class TrainingRunResolver {
  constructor(private readonly repositories: Repositories) {}

  @Query(() => TrainingRunConnection, { description: 'Runs, newest first unless ordered otherwise.' })
  trainingRuns(@Args(() => TrainingRunsArgs) args: TrainingRunsArgs) {
    const { runs } = this.repositories
    const order = args.orderBy ?? 'CREATED_AT_DESC'
    const filter = localFilter(args.filter ?? {})
    return paginate({
      connection: `Query.trainingRuns:${order}`,
      args,
      keyset: RUN_ORDERINGS[order].keyset,
      rows: async (after, limit) => (filter === null ? [] : runs.list({ filter, order, after, limit })),
      count: async () => (filter === null ? 0 : runs.count(filter)),
      node: (row) => new TrainingRunType(row),
    })
  }

  @FieldResolver(() => DatasetVersionType, { description: 'What it trains on.' })
  async datasetVersion(@Root() run: TrainingRunType, @Ctx() context: GraphContext): Promise<DatasetVersionType> {
    return new DatasetVersionType(await this.#version(run, context))
  }

  @FieldResolver(() => TrunkType, {
    nullable: true,
    description: 'Pinned when the run is first prepared, with fromCheckpointId from the start; null until then.',
  })
  async trunk(@Root() { row }: TrainingRunType, @Ctx() context: GraphContext): Promise<Trunk | null> {
    if (row.trunkSha256 === null) return null
    return context.loaders.of(this.repositories.trunks.bySha256).load(row.trunkSha256)
  }

  @FieldResolver(() => [EpochType], { description: 'Its epochs, ascending.' })
  async epochs(
    @Root() { row }: TrainingRunType,
    @Arg('afterEpoch', () => Int, { nullable: true, defaultValue: 0, description: 'Those beyond this number.' })
    afterEpoch: number | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 100, description: 'How many, 1-100.' })
    first: number | null,
    @Ctx() context: GraphContext,
  ): Promise<EpochType[]> {
    const stretch = epochStretch(row.id, afterEpoch ?? 0, firstOf(first, 100))
    const epochs = await context.loaders.of(this.repositories.epochs.stretches).load(stretch)
    return epochs.map((epoch) => new EpochType(epoch))
  }

  @FieldResolver(() => EpochType, { nullable: true, description: 'The last that is stored.' })
  latestEpoch(@Root() { row }: TrainingRunType, @Ctx() context: GraphContext): Promise<EpochType | null> {
    return this.#epoch(row.id, row.latestEpochNumber, context)
  }

  @FieldResolver(() => EpochType, {
    nullable: true,
    description: 'The one with the least validation loss, the earlier on a tie.',
  })
  bestEpoch(@Root() { row }: TrainingRunType, @Ctx() context: GraphContext): Promise<EpochType | null> {
    return this.#epoch(row.id, row.bestEpochNumber, context)
  }

  @FieldResolver(() => Architecture, { description: 'The network that it trains.' })
  async architecture(@Root() run: TrainingRunType, @Ctx() context: GraphContext): Promise<Architecture> {
    const { classNames } = await this.#version(run, context)
    const { hiddenUnits, dropout, trainableLayers } = run.hyperparameters
    return new Architecture({ hiddenUnits, dropout, classCount: classNames.length }, trainableLayers)
  }

  async #version({ row }: TrainingRunType, context: GraphContext): Promise<DatasetVersion> {
    const version = await context.loaders.of(this.repositories.versions.byIds).load(row.datasetVersionId)
    if (version === null) throw new Error(`The dataset version ${row.datasetVersionId} is gone`)
    return version
  }

  async #epoch(runId: string, number: number | null, context: GraphContext): Promise<EpochType | null> {
    if (number === null) return null
    const epoch = await context.loaders.of(this.repositories.epochs.byPlaces).load(epochPlace(runId, number))
    return epoch && new EpochType(epoch)
  }
}

/** Null where the filter names a dataset that cannot be: nothing matches. */
function localFilter(filter: TrainingRunFilter): RunFilter | null {
  const { datasetId, statuses, nameContains, minValidationAccuracy, createdAfter, createdBefore } = filter
  const local = typeof datasetId === 'string' ? uuidOf(datasetId, 'Dataset') : null
  if (local === undefined) return null
  return {
    ...(local === null ? {} : { datasetId: local }),
    ...(statuses ? { statuses } : {}),
    ...(typeof nameContains === 'string' ? { nameContains } : {}),
    ...(typeof minValidationAccuracy === 'number' ? { minValidationAccuracy } : {}),
    ...(createdAfter ? { createdAfter } : {}),
    ...(createdBefore ? { createdBefore } : {}),
  }
}
