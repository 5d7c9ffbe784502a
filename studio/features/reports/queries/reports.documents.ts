// Written by `npm run documents` from reports.graphql and schema.graphql. Change those, not this.

import { typedDocument } from '../../../../client/typed-document.js'

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] }
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never }
/** What is to be evaluated, and on which pictures. */
export type EvaluateCheckpointInput = {
  /** The checkpoint. */
  readonly checkpointId: string
  /** A dataset version with the checkpoint's classes, in any order. */
  readonly datasetVersionId: string
  /** The part of it to evaluate on. */
  readonly split?: SplitName | null | undefined
}

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
        readonly checkpoint: { readonly id: string; readonly epoch: number }
        readonly datasetVersion: {
          readonly id: string
          readonly number: number
          readonly classNames: ReadonlyArray<string>
          readonly dataset: { readonly id: string; readonly name: string }
        }
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

export type EvaluationSummaryFragment = {
  readonly id: string
  readonly state: JobState
  readonly split: SplitName
  readonly error: string | null
  readonly createdAt: string
  readonly checkpoint: { readonly id: string; readonly epoch: number }
  readonly datasetVersion: {
    readonly id: string
    readonly number: number
    readonly dataset: { readonly id: string; readonly name: string }
  }
  readonly report: { readonly accuracy: number; readonly macroAvg: { readonly f1Score: number } } | null
}

export type RunEvaluationsQueryVariables = Exact<{
  id: string
}>

export type RunEvaluationsQuery = {
  readonly node:
    | { readonly __typename: 'Alias' }
    | { readonly __typename: 'Checkpoint' }
    | { readonly __typename: 'Dataset' }
    | { readonly __typename: 'DatasetVersion' }
    | { readonly __typename: 'DoubtfulLabel' }
    | { readonly __typename: 'DuplicateGroup' }
    | { readonly __typename: 'Epoch' }
    | { readonly __typename: 'Evaluation' }
    | { readonly __typename: 'Image' }
    | { readonly __typename: 'ImageImport' }
    | { readonly __typename: 'Outcome' }
    | { readonly __typename: 'Prediction' }
    | { readonly __typename: 'SplitLeak' }
    | {
        readonly __typename: 'TrainingRun'
        readonly id: string
        readonly checkpoints: {
          readonly nodes: ReadonlyArray<{
            readonly id: string
            readonly evaluations: {
              readonly nodes: ReadonlyArray<{
                readonly id: string
                readonly state: JobState
                readonly split: SplitName
                readonly error: string | null
                readonly createdAt: string
                readonly checkpoint: { readonly id: string; readonly epoch: number }
                readonly datasetVersion: {
                  readonly id: string
                  readonly number: number
                  readonly dataset: { readonly id: string; readonly name: string }
                }
                readonly report: { readonly accuracy: number; readonly macroAvg: { readonly f1Score: number } } | null
              }>
            }
          }>
        }
      }
    | null
}

export type VersionsToEvaluateQueryVariables = Exact<{ [key: string]: never }>

export type VersionsToEvaluateQuery = {
  readonly datasets: {
    readonly nodes: ReadonlyArray<{
      readonly id: string
      readonly name: string
      readonly versions: {
        readonly nodes: ReadonlyArray<{
          readonly id: string
          readonly number: number
          readonly classNames: ReadonlyArray<string>
        }>
      }
    }>
  }
}

export type EvaluateMutationVariables = Exact<{
  input: EvaluateCheckpointInput
}>

export type EvaluateMutation = {
  readonly evaluateCheckpoint:
    | { readonly __typename: 'EvaluateCheckpointSuccess'; readonly evaluation: { readonly id: string } }
    | {
        readonly __typename: 'InvalidInput'
        readonly message: string
        readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>; readonly message: string }>
      }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'TrunkUnavailable'; readonly message: string }
}

export type EvaluationMovedSubscriptionVariables = Exact<{
  id: string
}>

export type EvaluationMovedSubscription = {
  readonly evaluationChanged: {
    readonly id: string
    readonly state: JobState
    readonly split: SplitName
    readonly error: string | null
    readonly createdAt: string
    readonly checkpoint: { readonly id: string; readonly epoch: number }
    readonly datasetVersion: {
      readonly id: string
      readonly number: number
      readonly dataset: { readonly id: string; readonly name: string }
    }
    readonly report: { readonly accuracy: number; readonly macroAvg: { readonly f1Score: number } } | null
  }
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
      checkpoint {
        id
        epoch
      }
      datasetVersion {
        id
        number
        classNames
        dataset {
          id
          name
        }
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

export const RunEvaluationsDocument = typedDocument<RunEvaluationsQuery, RunEvaluationsQueryVariables>(`
query RunEvaluations($id: ID!) {
  node(id: $id) {
    __typename
    ... on TrainingRun {
      id
      checkpoints(first: 10) {
        nodes {
          id
          evaluations(first: 20) {
            nodes {
              ...EvaluationSummary
            }
          }
        }
      }
    }
  }
}

fragment EvaluationSummary on Evaluation {
  id
  state
  split
  error
  createdAt
  checkpoint {
    id
    epoch
  }
  datasetVersion {
    id
    number
    dataset {
      id
      name
    }
  }
  report {
    accuracy
    macroAvg {
      f1Score
    }
  }
}
`)

export const VersionsToEvaluateDocument = typedDocument<VersionsToEvaluateQuery, VersionsToEvaluateQueryVariables>(`
query VersionsToEvaluate {
  datasets(first: 100) {
    nodes {
      id
      name
      versions(first: 20) {
        nodes {
          id
          number
          classNames
        }
      }
    }
  }
}
`)

export const EvaluateDocument = typedDocument<EvaluateMutation, EvaluateMutationVariables>(`
mutation Evaluate($input: EvaluateCheckpointInput!) {
  evaluateCheckpoint(input: $input) {
    __typename
    ... on EvaluateCheckpointSuccess {
      evaluation {
        id
      }
    }
    ... on Error {
      message
    }
    ... on InvalidInput {
      issues {
        path
        message
      }
    }
  }
}
`)

export const EvaluationMovedDocument = typedDocument<
  EvaluationMovedSubscription,
  EvaluationMovedSubscriptionVariables
>(`
subscription EvaluationMoved($id: ID!) {
  evaluationChanged(evaluationId: $id) {
    ...EvaluationSummary
  }
}

fragment EvaluationSummary on Evaluation {
  id
  state
  split
  error
  createdAt
  checkpoint {
    id
    epoch
  }
  datasetVersion {
    id
    number
    dataset {
      id
      name
    }
  }
  report {
    accuracy
    macroAvg {
      f1Score
    }
  }
}
`)
