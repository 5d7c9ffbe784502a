import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root, Subscription } from 'type-graphql'
import { z } from 'zod'
import type { DatasetHealth } from '../database/generated/client.js'
import type { DatasetRepository } from '../datasets/dataset.repository.js'
import { DatasetType } from '../datasets/dataset.type.js'
import { ImageConnection, ImageType } from '../datasets/image.type.js'
import { isRefusal } from '../domain/refusals.js'
import type { Events } from '../events/events.js'
import type { GraphContext } from '../graphql/context.js'
import { notFoundError } from '../graphql/errors.js'
import { uuidOf } from '../graphql/ids.js'
import { paginate } from '../graphql/paginate.js'
import { OWN_STREAM, type StreamResolver } from '../graphql/subscriptions.js'
import type { TrunkRepository } from '../runs/trunk.repository.js'
import { TrunkType } from '../runs/trunk.type.js'
import type { DoubtfulLabelRepository } from './doubtful-label.repository.js'
import { BY_POSITION } from './finding.keyset.js'
import { healthFeed } from './health.feed.js'
import type { HealthRepository } from './health.repository.js'
import {
  ClassBalance,
  DatasetHealthType,
  DoubtfulLabelConnection,
  DoubtfulLabelType,
  InspectDatasetResult,
} from './health.type.js'
import { DoubtfulLabelsArgs, InspectDatasetInput, LEAST_SIDE, TinyImagesArgs } from './inspection.input.js'
import type { InspectionService } from './inspection.service.js'

interface Rooms {
  readonly service: InspectionService
  readonly events: Events
  readonly healths: HealthRepository
  readonly doubts: DoubtfulLabelRepository
  readonly datasets: DatasetRepository
  readonly trunks: TrunkRepository
}

const BY_SIDE = {
  key: z.tuple([z.int().min(0), z.uuid()]),
  keyOf: (row: { width: number; height: number; id: string }) => [Math.min(row.width, row.height), row.id] as const,
}

@Resolver(() => DatasetHealthType)
export class HealthResolver implements StreamResolver {
  constructor(private readonly rooms: Rooms) {}

  readonly streams = {
    datasetHealthChanged: async ({ datasetId }: { datasetId: string }) => {
      const id = uuidOf(datasetId, 'Dataset')
      const known = id !== undefined && (await this.rooms.healths.find(id)) !== null
      if (!known) throw notFoundError('inspected dataset', datasetId)
      return healthFeed(this.rooms, id)
    },
  }

  @Subscription(() => DatasetHealthType, {
    ...OWN_STREAM,
    description: "A dataset's health at once and then as it changes; completes when the inspection ends.",
  })
  datasetHealthChanged(
    @Root() row: DatasetHealth,
    @Arg('datasetId', () => ID, { description: 'The dataset; one that was inspected, or is to be.' })
    _datasetId: string,
  ): DatasetHealthType {
    return new DatasetHealthType(row.datasetId, row)
  }

  @Mutation(() => InspectDatasetResult, {
    description: 'Looks for what is wrong with the pictures of a dataset; follow it with datasetHealthChanged.',
  })
  async inspectDataset(
    @Arg('input', () => InspectDatasetInput, { description: 'The dataset, and the size to look at it in.' })
    input: InspectDatasetInput,
  ) {
    const row = await this.rooms.service.inspect(input)
    return isRefusal(row) ? row : { health: new DatasetHealthType(row.datasetId, row) }
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether the dataset has the very pictures and labels that were looked at.',
  })
  async isCurrent(@Root() { row, datasetId }: DatasetHealthType): Promise<boolean> {
    const fingerprint = row?.fingerprint ?? null
    return fingerprint !== null && fingerprint === (await this.rooms.healths.fingerprint(datasetId))
  }

  @FieldResolver(() => TrunkType, {
    nullable: true,
    description:
      'The trunk whose features were compared; null where only perceptual hashes were, above 100,000 pictures.',
  })
  trunk(@Root() { row }: DatasetHealthType, @Ctx() context: GraphContext) {
    const sha256 = row?.computedTrunkSha256 ?? null
    return sha256 === null ? null : context.loaders.of(this.rooms.trunks.bySha256).load(sha256)
  }

  @FieldResolver(() => DoubtfulLabelConnection, {
    description:
      'Pictures whose label a model doubts, the most doubtful first. One that gets another label or is removed leaves the list at once.',
  })
  doubtfulLabels(@Root() { datasetId }: DatasetHealthType, @Args(() => DoubtfulLabelsArgs) args: DoubtfulLabelsArgs) {
    const filter = {
      datasetId,
      label: args.label ?? undefined,
      suggestedLabel: args.suggestedLabel ?? undefined,
    }
    return paginate({
      connection: `DatasetHealth.doubtfulLabels ${datasetId}`,
      args,
      keyset: BY_POSITION,
      rows: (after, limit) => this.rooms.doubts.list(filter, after, limit),
      count: () => this.rooms.doubts.count(filter),
      node: (row) => new DoubtfulLabelType(row),
    })
  }

  @FieldResolver(() => ImageConnection, {
    description: 'Pictures with a side of fewer pixels than that, the smallest first: they show little.',
  })
  tinyImages(@Root() { datasetId }: DatasetHealthType, @Args(() => TinyImagesArgs) args: TinyImagesArgs) {
    const filter = { datasetId, below: args.below ?? LEAST_SIDE }
    return paginate({
      connection: `DatasetHealth.tinyImages ${datasetId}`,
      args,
      keyset: BY_SIDE,
      rows: (after, limit) => this.rooms.healths.tinyImages(filter, after, limit),
      count: () => this.rooms.healths.countTiny(filter),
      node: (row) => new ImageType(row),
    })
  }

  @FieldResolver(() => ClassBalance, { description: 'How evenly the pictures are spread over the classes today.' })
  async classBalance(@Root() { datasetId }: DatasetHealthType, @Ctx() context: GraphContext): Promise<ClassBalance> {
    const counts = [...(await context.loaders.of(this.rooms.datasets.labelCounts).load(datasetId))]
    counts.sort((a, b) => b.imageCount - a.imageCount)
    const [largest = null, smallest = null] = [counts.at(0), counts.at(-1)]
    return { largest, smallest, ratio: largest && smallest && largest.imageCount / smallest.imageCount }
  }
}

@Resolver(() => DatasetType)
export class HealthOfDatasetResolver {
  constructor(private readonly healths: HealthRepository) {}

  @FieldResolver(() => DatasetHealthType, { description: 'What is wrong with its pictures, as far as that is known.' })
  async health(@Root() { row }: DatasetType, @Ctx() context: GraphContext): Promise<DatasetHealthType> {
    return new DatasetHealthType(row.id, await context.loaders.of(this.healths.byDatasets).load(row.id))
  }
}
