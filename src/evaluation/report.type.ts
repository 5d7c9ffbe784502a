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

/** A figure that is null because it has no value, such as 0 of 0. */
export interface UndefinedFigure {
  /** The field's name. */
  figure: string
  reason: string
}

/** How far predictions and labels agree beyond chance. */
export interface AgreementFigures {
  /** Mean recall of the classes: a class of few pictures counts like one of many. */
  balancedAccuracy: number | null
  cohenKappa: number | null
  /** 0 where all pictures are of one class or are taken for one, as scikit-learn has it. */
  matthewsCorrelation: number
  undefinedFigures: UndefinedFigure[]
}

/** Rows actual, columns predicted, in class order. */
export type ConfusionMatrix = readonly (readonly number[])[]

export interface ClassificationReport extends AgreementFigures {
  perClass: ClassMetrics[]
  microAvg: AverageMetrics
  macroAvg: AverageMetrics
  weightedAvg: AverageMetrics
  accuracy: number
  confusionMatrix: ConfusionMatrix
  /** The table as scikit-learn prints it: label, f1-score, precision, recall, support. */
  text: string
}
