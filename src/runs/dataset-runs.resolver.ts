import { Args, FieldResolver, Resolver, Root } from 'type-graphql'
import { DatasetType } from '../datasets/dataset.type.js'
import { PageArgs } from '../graphql/connections.js'
import { paginate } from '../graphql/paginate.js'
import { RUN_ORDERINGS } from './training-run.order.js'
import type { TrainingRunRepository } from './training-run.repository.js'
import { TrainingRunConnection, TrainingRunType } from './training-run.type.js'

@Resolver(() => DatasetType)
export class DatasetRunsResolver {
  constructor(private readonly runs: TrainingRunRepository) {}

  @FieldResolver(() => TrainingRunConnection, { description: 'Runs on any of its versions, newest first.' })
  trainingRuns(@Root() { row: { id: datasetId } }: DatasetType, @Args(() => PageArgs) args: PageArgs) {
    const order = 'CREATED_AT_DESC'
    return paginate({
      connection: `Dataset.trainingRuns:${datasetId}`,
      args,
      keyset: RUN_ORDERINGS[order].keyset,
      rows: (after, limit) => this.runs.list({ filter: { datasetId }, order, after, limit }),
      count: () => this.runs.count({ datasetId }),
      node: (row) => new TrainingRunType(row),
    })
  }
}
