import type { CheckpointRepository } from '../checkpoints/checkpoint.repository.js'
import type { Evaluation } from '../database/generated/client.js'
import { scoreReport, type ScoreReport } from '../evaluation/score-report.js'
import { createLimiter } from '../inference/limiter.js'
import type { OutcomeScoresRepository } from './outcome-scores.repository.js'
import type { ScoreReportRepository } from './score-report.repository.js'

interface Repositories {
  readonly reports: ScoreReportRepository
  readonly scores: OutcomeScoresRepository
  readonly checkpoints: CheckpointRepository
}

/** Computed when somebody first asks: 25,000 pictures of 100 classes take some seconds and 20 MB. */
export class ScoreReportService {
  /** Whoever asks meanwhile waits for the same one. */
  readonly #computing = new Map<string, Promise<ScoreReport>>()
  readonly #limit = createLimiter(1)

  constructor(private readonly repositories: Repositories) {}

  /** Null until the evaluation has SUCCEEDED. */
  async of(evaluation: Evaluation, classNames: readonly string[]): Promise<ScoreReport | null> {
    if (evaluation.state !== 'SUCCEEDED') return null
    const known = await this.repositories.reports.find(evaluation.id)
    if (known !== null) return known
    const computing = this.#computing.get(evaluation.id)
    if (computing !== undefined) return computing
    const made = this.#limit(() => this.#compute(evaluation, classNames))
    this.#computing.set(evaluation.id, made)
    return made.finally(() => this.#computing.delete(evaluation.id))
  }

  async #compute({ id, checkpointId }: Evaluation, classNames: readonly string[]): Promise<ScoreReport> {
    const { reports, scores, checkpoints } = this.repositories
    const checkpoint = await checkpoints.find(checkpointId)
    const pictures = await scores.read(id, classNames.length)
    const report = await scoreReport(pictures, { classNames, temperature: checkpoint?.temperature ?? null })
    await reports.keep(id, report)
    return report
  }
}
