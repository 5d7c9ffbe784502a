/** The figures of a report, as the API shows them. Where a figure is undefined (0 of 0) it is 0. */
export interface AverageMetrics {
  precision: number
  recall: number
  f1Score: number
  /** Pictures. */
  support: number
}

export interface ClassMetrics extends AverageMetrics {
  label: string
}

/** Rows actual, columns predicted, in class order. */
export type ConfusionMatrix = readonly (readonly number[])[]

export interface ClassificationReport {
  perClass: ClassMetrics[]
  microAvg: AverageMetrics
  macroAvg: AverageMetrics
  weightedAvg: AverageMetrics
  accuracy: number
  confusionMatrix: ConfusionMatrix
  /** The table as scikit-learn prints it: label, f1-score, precision, recall, support. */
  text: string
}
