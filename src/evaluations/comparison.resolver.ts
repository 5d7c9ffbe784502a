import { Arg, ID, Query, Resolver } from 'type-graphql'
import { isRefusal } from '../domain/refusals.js'
import { TrainingRunType } from '../runs/training-run.type.js'
import type { ComparisonService } from './comparison.service.js'
import { CompareTrainingRunsResult } from './comparison.type.js'

@Resolver()
export class ComparisonResolver {
  constructor(private readonly service: ComparisonService) {}

  @Query(() => CompareTrainingRunsResult, {
    description: 'Runs side by side: where their hyperparameters differ, and their results against the first.',
  })
  async compareTrainingRuns(@Arg('ids', () => [ID], { description: '2 to 20 runs, each once.' }) ids: string[]) {
    const comparison = await this.service.compare(ids)
    if (isRefusal(comparison)) return comparison
    const runs = comparison.runs.map((run) => new TrainingRunType(run))
    return { ...comparison, runs, results: comparison.results.map((figures, i) => ({ ...figures, run: runs[i] })) }
  }
}
