import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { z } from 'zod'
import { isRefusal } from '../domain/refusals.js'
import type { SplitName as SplitWord } from '../domain/status.js'
import { PageArgs } from '../graphql/connections.js'
import type { GraphContext } from '../graphql/context.js'
import { SplitName } from '../graphql/enums.js'
import { NEWEST_FIRST, paginate } from '../graphql/paginate.js'
import { CreateDatasetVersionInput } from './dataset-version.input.js'
import type { DatasetVersionRepository } from './dataset-version.repository.js'
import type { DatasetVersionService } from './dataset-version.service.js'
import {
  CreateDatasetVersionResult,
  DatasetVersionConnection,
  DatasetVersionImageConnection,
  DatasetVersionType,
} from './dataset-version.type.js'
import type { DatasetRepository } from './dataset.repository.js'
import { DatasetType } from './dataset.type.js'
import { ImageType } from './image.type.js'

/** A version's pictures by their line in the manifest. */
const BY_POSITION = { key: z.int().min(0), keyOf: (row: { position: number }) => row.position }

@Resolver(() => DatasetVersionType)
export class DatasetVersionResolver {
  constructor(
    private readonly service: DatasetVersionService,
    private readonly versions: DatasetVersionRepository,
    private readonly datasets: DatasetRepository,
  ) {}

  @FieldResolver(() => DatasetType, { description: 'The dataset that it was taken from.' })
  async dataset(@Root() version: DatasetVersionType, @Ctx() context: GraphContext) {
    const row = await context.loaders.of(this.datasets.byIds).load(version.row.datasetId)
    return row && new DatasetType(row)
  }

  @FieldResolver(() => DatasetVersionImageConnection, {
    description: "Its pictures in the manifest's order, by sha256; `split` and `label` narrow them down.",
  })
  images(
    @Root() { row, counts }: DatasetVersionType,
    @Args(() => PageArgs) args: PageArgs,
    @Arg('split', () => SplitName, { nullable: true, description: 'Only those of this part.' })
    split: SplitWord | null | undefined,
    @Arg('label', () => String, { nullable: true, description: 'Only those of this class, as frozen.' })
    label: string | null | undefined,
  ) {
    // A class that the version lacks has the index -1 and so no pictures.
    const classIndex = typeof label === 'string' ? row.classNames.indexOf(label) : undefined
    const filter = { versionId: row.id, split: split ?? undefined, classIndex }
    const splits = split ? [counts[split]] : Object.values(counts)
    const counted = splits.flatMap((classes) => (classIndex === undefined ? classes : [classes[classIndex] ?? 0]))
    return paginate({
      connection: `DatasetVersion.images ${row.id}`,
      args,
      keyset: BY_POSITION,
      rows: (after, limit) => this.versions.images(filter, after, limit),
      count: () => Promise.resolve(counted.reduce((sum, count) => sum + count, 0)),
      node: (frozen) => new ImageType(frozen.image),
      edge: (frozen) => ({ label: row.classNames[frozen.classIndex] ?? '', split: frozen.split }),
    })
  }

  @Mutation(() => CreateDatasetVersionResult, {
    description: 'Freezes the pictures of a dataset, with their labels and splits, for runs to train on.',
  })
  async createDatasetVersion(
    @Arg('input', () => CreateDatasetVersionInput, { description: 'What to freeze.' }) input: CreateDatasetVersionInput,
  ) {
    const created = await this.service.create(input)
    if (isRefusal(created)) return created
    return { datasetVersion: new DatasetVersionType(created.version), duplicates: created.duplicates }
  }
}

@Resolver(() => DatasetType)
export class VersionsOfDatasetResolver {
  constructor(private readonly repository: DatasetVersionRepository) {}

  @FieldResolver(() => DatasetVersionConnection, { description: 'What was frozen of it, newest first.' })
  versions(@Root() { row }: DatasetType, @Args(() => PageArgs) args: PageArgs) {
    return paginate({
      connection: `Dataset.versions ${row.id}`,
      args,
      keyset: NEWEST_FIRST,
      rows: (after, limit) => this.repository.list(row.id, after, limit),
      count: () => this.repository.count(row.id),
      node: (version) => new DatasetVersionType(version),
    })
  }
}
