/** Precision, recall and F1 as scikit-learn's `precision_recall_fscore_support(zero_division=0)` defines them. */
import { agreementFigures } from './agreement.js'
import { reportText } from './report-text.js'
import type { AverageMetrics, ClassificationReport, ClassMetrics, ConfusionMatrix } from './report.type.js'

export function classificationReport(matrix: ConfusionMatrix, classNames: readonly string[]): ClassificationReport {
  const perClass = classMetrics(matrix, classNames)
  const support = sum(perClass.map((metrics) => metrics.support))
  const accuracy = ratio(sum(matrix.map((row, c) => row[c] as number)), support)
  const rows = {
    perClass,
    // Every picture has one class and one prediction, so that what one class misses another takes: all three are equal.
    microAvg: { precision: accuracy, recall: accuracy, f1Score: accuracy, support },
    macroAvg: average(
      perClass,
      perClass.map(() => 1),
    ),
    weightedAvg: average(
      perClass,
      perClass.map((metrics) => metrics.support),
    ),
  }
  return { ...rows, accuracy, ...agreementFigures(matrix), confusionMatrix: matrix, text: reportText(rows) }
}

export function classMetrics(matrix: ConfusionMatrix, classNames: readonly string[]): ClassMetrics[] {
  return classNames.map((label, c) => {
    const right = matrix[c]?.[c] as number
    const support = sum(matrix[c] as readonly number[])
    const predicted = sum(matrix.map((row) => row[c] as number))
    return {
      label,
      precision: ratio(right, predicted),
      recall: ratio(right, support),
      f1Score: ratio(2 * right, support + predicted),
      support,
    }
  })
}

/** Unweighted mean of the classes' F1, classes without pictures included. */
export function macroF1(perClass: readonly ClassMetrics[]): number {
  return ratio(sum(perClass.map((metrics) => metrics.f1Score)), perClass.length)
}

function average(perClass: readonly ClassMetrics[], weights: readonly number[]): AverageMetrics {
  const total = sum(weights)
  const mean = (figures: readonly number[]): number =>
    ratio(sum(figures.map((figure, c) => figure * (weights[c] as number))), total)
  return {
    precision: mean(perClass.map((metrics) => metrics.precision)),
    recall: mean(perClass.map((metrics) => metrics.recall)),
    f1Score: mean(perClass.map((metrics) => metrics.f1Score)),
    support: sum(perClass.map((metrics) => metrics.support)),
  }
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
