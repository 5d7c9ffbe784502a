/** A report as a file. */
import { stringify } from 'csv-stringify/sync'
import type { ClassificationReport } from '../../evaluation/report.type.js'
import type { ScoreReport } from '../../evaluation/score-report.js'

export interface WholeReport {
  readonly report: ClassificationReport
  readonly scoreReport: ScoreReport
}

const HEADINGS = ['label', 'precision', 'recall', 'f1_score', 'support', 'roc_auc', 'average_precision']

/** A row for each class in class order, then the averages; an empty cell where there is no figure. */
export function reportAsCsv({ report, scoreReport }: WholeReport): string {
  const { perClass, macroRocAuc, macroAveragePrecision } = scoreReport
  const rows = [
    ...report.perClass.map((metrics, c) => [metrics, perClass[c]?.rocAuc, perClass[c]?.averagePrecision] as const),
    [{ label: 'micro avg', ...report.microAvg }, null, null] as const,
    [{ label: 'macro avg', ...report.macroAvg }, macroRocAuc, macroAveragePrecision] as const,
    [{ label: 'weighted avg', ...report.weightedAvg }, null, null] as const,
  ]
  const cells = rows.map(([{ label, precision, recall, f1Score, support }, ...areas]) => [
    ...[label, precision, recall, f1Score, support],
    ...areas,
  ])
  return stringify([HEADINGS, ...cells], { escape_formulas: true })
}

/** Every figure, under the names of the API. */
export function reportAsJson({ report, scoreReport }: WholeReport): string {
  return JSON.stringify({ report, scoreReport })
}
