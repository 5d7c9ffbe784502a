// Written by `npm run documents` from reports.graphql and schema.graphql. Change those, not this.

import { typedDocument } from '../../../../client/typed-document.js'

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] }
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never }
/** Where a background job stands. */
export type JobState =
  /** It was stopped on request; what was done stays. */
  | 'CANCELLED'
  /** It could not go on; `error` says why. */
  | 'FAILED'
  /** It waits for a trainer. */
  | 'QUEUED'
  /** It is being worked on. */
  | 'RUNNING'
  /** It ended well. */
  | 'SUCCEEDED'

/** The part that a picture plays in a dataset version. */
export type SplitName =
  /** What the best checkpoint is measured on once, when training has ended. */
  | 'TEST'
  /** What the head learns from. */
  | 'TRAIN'
  /** What each epoch is measured on and the best one is chosen by. */
  | 'VALIDATION'

export type ReportQueryVariables = Exact<{
  id: string
}>

export type ReportQuery = {
  readonly node:
    | { readonly __typename: 'Alias' }
    | { readonly __typename: 'Checkpoint' }
    | { readonly __typename: 'Dataset' }
    | { readonly __typename: 'DatasetVersion' }
    | { readonly __typename: 'DoubtfulLabel' }
    | { readonly __typename: 'DuplicateGroup' }
    | { readonly __typename: 'Epoch' }
    | {
        readonly __typename: 'Evaluation'
        readonly id: string
        readonly state: JobState
        readonly split: SplitName
        readonly loss: number | null
        readonly error: string | null
        readonly datasetVersion: { readonly id: string; readonly classNames: ReadonlyArray<string> }
        readonly report: {
          readonly accuracy: number
          readonly confusionMatrix: ReadonlyArray<ReadonlyArray<number>>
          readonly text: string
          readonly perClass: ReadonlyArray<{
            readonly label: string
            readonly precision: number
            readonly recall: number
            readonly f1Score: number
            readonly support: number
          }>
          readonly microAvg: {
            readonly precision: number
            readonly recall: number
            readonly f1Score: number
            readonly support: number
          }
          readonly macroAvg: {
            readonly precision: number
            readonly recall: number
            readonly f1Score: number
            readonly support: number
          }
          readonly weightedAvg: {
            readonly precision: number
            readonly recall: number
            readonly f1Score: number
            readonly support: number
          }
        } | null
        readonly scoreReport: {
          readonly expectedCalibrationError: number
          readonly macroRocAuc: number | null
          readonly macroAveragePrecision: number | null
          readonly calibrationCurve: ReadonlyArray<{
            readonly from: number
            readonly to: number
            readonly count: number
            readonly accuracy: number | null
            readonly meanConfidence: number | null
          }>
          readonly calibrated: { readonly temperature: number; readonly expectedCalibrationError: number } | null
          readonly perClass: ReadonlyArray<{
            readonly label: string
            readonly rocAuc: number | null
            readonly averagePrecision: number | null
            readonly undefinedBecause: string | null
          }>
        } | null
      }
    | { readonly __typename: 'Image' }
    | { readonly __typename: 'ImageImport' }
    | { readonly __typename: 'Outcome' }
    | { readonly __typename: 'Prediction' }
    | { readonly __typename: 'SplitLeak' }
    | { readonly __typename: 'TrainingRun' }
    | null
}

export type CalibrationBinFiguresFragment = {
  readonly from: number
  readonly to: number
  readonly count: number
  readonly accuracy: number | null
  readonly meanConfidence: number | null
}

export type OutcomesQueryVariables = Exact<{
  id: string
  first: number
  after?: string | null | undefined
  actual?: string | null | undefined
  predicted?: string | null | undefined
}>

export type OutcomesQuery = {
  readonly node:
    | { readonly __typename: 'Alias' }
    | { readonly __typename: 'Checkpoint' }
    | { readonly __typename: 'Dataset' }
    | { readonly __typename: 'DatasetVersion' }
    | { readonly __typename: 'DoubtfulLabel' }
    | { readonly __typename: 'DuplicateGroup' }
    | { readonly __typename: 'Epoch' }
    | {
        readonly __typename: 'Evaluation'
        readonly id: string
        readonly outcomes: {
          readonly nodes: ReadonlyArray<{
            readonly id: string
            readonly actual: string
            readonly predicted: string
            readonly loss: number
            readonly explanationUrl: string
            readonly scores: ReadonlyArray<{ readonly label: string; readonly probability: number }>
            readonly image: { readonly id: string; readonly fileName: string; readonly url: string }
          }>
          readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
        }
      }
    | { readonly __typename: 'Image' }
    | { readonly __typename: 'ImageImport' }
    | { readonly __typename: 'Outcome' }
    | { readonly __typename: 'Prediction' }
    | { readonly __typename: 'SplitLeak' }
    | { readonly __typename: 'TrainingRun' }
    | null
}

export const ReportDocument = typedDocument<ReportQuery, ReportQueryVariables>(`
query Report($id: ID!) {
  node(id: $id) {
    __typename
    ... on Evaluation {
      id
      state
      split
      loss
      error
      datasetVersion {
        id
        classNames
      }
      report {
        accuracy
        confusionMatrix
        perClass {
          label
          precision
          recall
          f1Score
          support
        }
        microAvg {
          precision
          recall
          f1Score
          support
        }
        macroAvg {
          precision
          recall
          f1Score
          support
        }
        weightedAvg {
          precision
          recall
          f1Score
          support
        }
        text
      }
      scoreReport {
        expectedCalibrationError
        calibrationCurve {
          ...CalibrationBinFigures
        }
        calibrated {
          temperature
          expectedCalibrationError
        }
        perClass {
          label
          rocAuc
          averagePrecision
          undefinedBecause
        }
        macroRocAuc
        macroAveragePrecision
      }
    }
  }
}

fragment CalibrationBinFigures on CalibrationBin {
  from
  to
  count
  accuracy
  meanConfidence
}
`)

export const OutcomesDocument = typedDocument<OutcomesQuery, OutcomesQueryVariables>(`
query Outcomes($id: ID!, $first: Int!, $after: String, $actual: String, $predicted: String) {
  node(id: $id) {
    __typename
    ... on Evaluation {
      id
      outcomes(
        first: $first
        after: $after
        actual: $actual
        predicted: $predicted
        orderBy: LOSS_DESC
      ) {
        nodes {
          id
          actual
          predicted
          loss
          explanationUrl
          scores {
            label
            probability
          }
          image {
            id
            fileName
            url(size: 320)
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}
`)
