import type { TrainingRun } from '../database/generated/client.js'
import type { DatasetVersionRepository } from '../datasets/dataset-version.repository.js'
import { readHyperparameters } from '../domain/hyperparameters.js'
import { invalidInput, isRefusal, notFound, type RefusalOf } from '../domain/refusals.js'
import type { ClassificationReport } from '../evaluation/report.type.js'
import { uuidOf } from '../graphql/ids.js'
import type { TrainingRunRepository } from '../runs/training-run.repository.js'
import {
  hyperparameterDifferences,
  resultsAgainstFirst,
  type HyperparameterDifference,
  type ResultFigures,
} from './comparison.js'
import type { EvaluationRepository } from './evaluation.repository.js'
import { readReport } from '../evaluation/stored-report.js'

interface Repositories {
  readonly runs: TrainingRunRepository
  readonly evaluations: EvaluationRepository
  readonly versions: DatasetVersionRepository
}

export interface Comparison {
  readonly runs: TrainingRun[]
  readonly differences: HyperparameterDifference[]
  /** In the order of `runs`. */
  readonly results: ResultFigures[]
}

const MOST_RUNS = 20

export class ComparisonService {
  constructor(private readonly repositories: Repositories) {}

  async compare(ids: readonly string[]): Promise<Comparison | RefusalOf<'InvalidInput' | 'NotFound'>> {
    if (ids.length < 2 || ids.length > MOST_RUNS || new Set(ids).size < ids.length) {
      return invalidInput([{ path: ['ids'], message: `Give 2 to ${String(MOST_RUNS)} different runs.` }])
    }
    const runs = await this.#runs(ids)
    if (isRefusal(runs)) return runs
    return {
      runs,
      differences: hyperparameterDifferences(runs.map((run) => readHyperparameters(run.hyperparameters))),
      results: resultsAgainstFirst(await this.#testReports(runs)),
    }
  }

  async #runs(ids: readonly string[]): Promise<TrainingRun[] | RefusalOf<'NotFound'>> {
    const local = ids.map((id) => uuidOf(id, 'TrainingRun'))
    const rows = await this.repositories.runs.byIds(local.filter((id) => id !== undefined))
    const byId = new Map(rows.map((row) => [row?.id, row]))
    const runs: TrainingRun[] = []
    for (const [i, id] of local.entries()) {
      const run = byId.get(id)
      if (!run) return notFound('training run', ids[i] as string)
      runs.push(run)
    }
    return runs
  }

  async #testReports(runs: readonly TrainingRun[]): Promise<(ClassificationReport | null)[]> {
    const { evaluations, versions } = this.repositories
    const ids = runs.map((run) => run.evaluationId).filter((id) => id !== null)
    const found = new Map((await evaluations.byIds(ids)).map((each) => [each?.id, each]))
    const classNames = await versions.byIds(runs.map((run) => run.datasetVersionId))
    return runs.map((run, i) => {
      const evaluation = found.get(run.evaluationId ?? undefined)
      return evaluation?.split === 'TEST'
        ? readReport(evaluation.confusionMatrix, classNames[i]?.classNames ?? [])
        : null
    })
  }
}
