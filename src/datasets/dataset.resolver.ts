import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { isRefusal } from '../domain/refusals.js'
import { nameIssues } from '../domain/names.js'
import { PageArgs } from '../graphql/connections.js'
import type { GraphContext } from '../graphql/context.js'
import { NEWEST_FIRST, paginate } from '../graphql/paginate.js'
import { CreateDatasetInput, DeleteDatasetInput, UpdateDatasetInput } from './dataset.input.js'
import type { CountOfLabel, DatasetRepository } from './dataset.repository.js'
import type { DatasetService } from './dataset.service.js'
import {
  CreateDatasetResult,
  DatasetConnection,
  DatasetType,
  DeleteDatasetResult,
  LabelCount,
  UpdateDatasetResult,
} from './dataset.type.js'

@Resolver(() => DatasetType)
export class DatasetResolver {
  constructor(
    private readonly service: DatasetService,
    private readonly repository: DatasetRepository,
  ) {}

  @Query(() => DatasetConnection, { description: 'All datasets, newest first.' })
  datasets(@Args(() => PageArgs) args: PageArgs) {
    return paginate({
      connection: 'Query.datasets',
      args,
      keyset: NEWEST_FIRST,
      rows: (after, limit) => this.repository.list(after, limit),
      count: () => this.repository.count(),
      node: (row) => new DatasetType(row),
    })
  }

  @Query(() => DatasetType, { nullable: true, description: 'The dataset with that name; null where there is none.' })
  async dataset(@Arg('name', () => String, { description: 'Its whole name.' }) name: string) {
    const row = nameIssues([], name).length > 0 ? null : await this.repository.findByName(name)
    return row && new DatasetType(row)
  }

  @FieldResolver(() => [LabelCount], { description: 'Its classes and their pictures, by label.' })
  classes(@Root() dataset: DatasetType, @Ctx() context: GraphContext): Promise<readonly CountOfLabel[]> {
    return context.loaders.of(this.repository.labelCounts).load(dataset.row.id)
  }

  @FieldResolver(() => Int, { description: 'How many pictures it has.' })
  async imageCount(@Root() dataset: DatasetType, @Ctx() context: GraphContext): Promise<number> {
    const counts = await this.classes(dataset, context)
    return counts.reduce((sum, each) => sum + each.imageCount, 0)
  }

  @Mutation(() => CreateDatasetResult, { description: 'Makes an empty dataset.' })
  async createDataset(
    @Arg('input', () => CreateDatasetInput, { description: 'Its name, and what it is about.' })
    input: CreateDatasetInput,
  ) {
    const created = await this.service.create(input)
    return isRefusal(created) ? created : { dataset: new DatasetType(created) }
  }

  @Mutation(() => UpdateDatasetResult, { description: 'Changes name or description of a dataset.' })
  async updateDataset(
    @Arg('input', () => UpdateDatasetInput, { description: 'Which, and what is to change.' }) input: UpdateDatasetInput,
  ) {
    const updated = await this.service.update(input)
    return isRefusal(updated) ? updated : { dataset: new DatasetType(updated) }
  }

  @Mutation(() => DeleteDatasetResult, {
    description: 'Deletes a dataset with its pictures, versions, runs and checkpoints; predictions stay.',
  })
  deleteDataset(@Arg('input', () => DeleteDatasetInput, { description: 'Which.' }) input: DeleteDatasetInput) {
    return this.service.delete(input.datasetId)
  }
}
