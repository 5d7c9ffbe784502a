// Written by `npm run documents` from operations.graphql and schema.graphql. Change those, not this.

import { typedDocument } from '../client/typed-document.js'

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] }
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never }
/** What is required before a name may point to a checkpoint; all that is given must hold. */
export type AliasRequirementInput = {
  /** Least macro F1 of its newest evaluation on TEST. */
  readonly minMacroF1?: number | null | undefined
  /** Least gain of macro F1 over what the name points to, on the TEST of one version; below 0 it allows a loss. Requires nothing of a new name, or of one that points to it already. */
  readonly minMacroF1Gain?: number | null | undefined
  /** Least accuracy of its newest evaluation on TEST. */
  readonly minTestAccuracy?: number | null | undefined
  /** Least gain of accuracy over what the name points to, on the TEST of one version; below 0 it allows a loss. Requires nothing of a new name, or of one that points to it already. */
  readonly minTestAccuracyGain?: number | null | undefined
}

/** Where a name is to point. */
export type AssignAliasInput = {
  /** The checkpoint that it is to point to. */
  readonly checkpointId: string
  /** a-z 0-9 - / up to 64; new, or moved from the checkpoint that it points to. */
  readonly name: string
  /** Refuses a checkpoint that is not as good. */
  readonly require?: AliasRequirementInput | null | undefined
}

/** What to export. */
export type ExportCheckpointInput = {
  /** The checkpoint. */
  readonly checkpointId: string
  /** What to write it as. */
  readonly format: ExportFormat
}

/** What a checkpoint is written as; either file is the whole network. */
export type ExportFormat =
  /** One graph from a picture [N, 3, imageSize, imageSize] to probabilities, its labels in the metadata. */
  | 'ONNX'
  /** Tensors with torchvision's names, the head's as fc.N.*: for PyTorch's load_state_dict. */
  | 'SAFETENSORS'

/** Why a run could not go on. */
export type RunFailureCode =
  /** Pictures of the version are missing from storage or damaged. */
  | 'DATASET_UNAVAILABLE'
  /** The engine that was asked for is not there. */
  | 'ENGINE_UNAVAILABLE'
  /** A fault of Graft itself; its log has more. */
  | 'INTERNAL'
  /** The loss became infinite or undefined: learning diverged. */
  | 'NON_FINITE_LOSS'
  /** The device or the machine ran out of memory. */
  | 'OUT_OF_MEMORY'
  /** There was no room left to store its results. */
  | 'STORAGE_FULL'
  /** Three trainers died under it. */
  | 'TRAINER_LOST'
  /** The trunk's weights are missing, wrong or out of reach. */
  | 'WEIGHTS_UNAVAILABLE'

/** The part that a picture plays in a dataset version. */
export type SplitName =
  /** What the best checkpoint is measured on once, when training has ended. */
  | 'TEST'
  /** What the head learns from. */
  | 'TRAIN'
  /** What each epoch is measured on and the best one is chosen by. */
  | 'VALIDATION'

/** Which runs to list; every condition given must hold. */
export type TrainingRunFilter = {
  /** Those asked for after this moment. */
  readonly createdAfter?: string | null | undefined
  /** Those asked for before this moment. */
  readonly createdBefore?: string | null | undefined
  /** Those on versions of this dataset. */
  readonly datasetId?: string | null | undefined
  /** Those whose best epoch reached at least this. */
  readonly minValidationAccuracy?: number | null | undefined
  /** Those with this in their name, in whatever case. */
  readonly nameContains?: string | null | undefined
  /** Those that stand at one of these. */
  readonly statuses?: ReadonlyArray<TrainingRunStatus> | null | undefined
}

/** How runs are ordered. */
export type TrainingRunOrder =
  /** Oldest first. */
  | 'CREATED_AT_ASC'
  /** Newest first. */
  | 'CREATED_AT_DESC'
  /** By the accuracy of an evaluation on TEST, highest first; runs without one last. */
  | 'TEST_ACCURACY_DESC'
  /** By the best epoch's validation accuracy, highest first; runs without an epoch last. */
  | 'VALIDATION_ACCURACY_DESC'

/** Where a training run stands. */
export type TrainingRunStatus =
  /** It was stopped on request; its epochs and checkpoints stay. */
  | 'CANCELLED'
  /** Training has ended; the best checkpoint is being evaluated. */
  | 'EVALUATING'
  /** It could not go on; `failure` says why. */
  | 'FAILED'
  /** Trunk and features are being made ready. */
  | 'PREPARING'
  /** It waits for a trainer. */
  | 'QUEUED'
  /** Epochs are being trained. */
  | 'RUNNING'
  /** It ended, and its evaluation is there. */
  | 'SUCCEEDED'

export type LiveTrainersQueryVariables = Exact<{ [key: string]: never }>

export type LiveTrainersQuery = {
  readonly system: { readonly trainers: ReadonlyArray<{ readonly lastSeenAt: string }> }
}

export type FindDatasetQueryVariables = Exact<{
  name: string
}>

export type FindDatasetQuery = { readonly dataset: { readonly id: string; readonly name: string } | null }

export type RunRowFragment = {
  readonly id: string
  readonly name: string
  readonly status: TrainingRunStatus
  readonly createdAt: string
  readonly datasetVersion: {
    readonly id: string
    readonly number: number
    readonly dataset: { readonly id: string; readonly name: string }
  }
  readonly latestEpoch: { readonly number: number } | null
  readonly bestEpoch: {
    readonly number: number
    readonly validationLoss: number
    readonly validationAccuracy: number
  } | null
  readonly evaluation: {
    readonly id: string
    readonly split: SplitName
    readonly report: { readonly accuracy: number } | null
  } | null
}

export type RunRowsQueryVariables = Exact<{
  first: number
  filter?: TrainingRunFilter | null | undefined
  orderBy: TrainingRunOrder
}>

export type RunRowsQuery = {
  readonly trainingRuns: {
    readonly nodes: ReadonlyArray<{
      readonly id: string
      readonly name: string
      readonly status: TrainingRunStatus
      readonly createdAt: string
      readonly datasetVersion: {
        readonly id: string
        readonly number: number
        readonly dataset: { readonly id: string; readonly name: string }
      }
      readonly latestEpoch: { readonly number: number } | null
      readonly bestEpoch: {
        readonly number: number
        readonly validationLoss: number
        readonly validationAccuracy: number
      } | null
      readonly evaluation: {
        readonly id: string
        readonly split: SplitName
        readonly report: { readonly accuracy: number } | null
      } | null
    }>
  }
}

export type RunResultQueryVariables = Exact<{
  id: string
}>

export type RunResultQuery = {
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
        readonly attempts: number
        readonly id: string
        readonly name: string
        readonly status: TrainingRunStatus
        readonly createdAt: string
        readonly bestCheckpoint: { readonly id: string; readonly epoch: number } | null
        readonly evaluation: {
          readonly id: string
          readonly split: SplitName
          readonly loss: number | null
          readonly downloadUrl: string | null
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
            readonly macroAvg: {
              readonly precision: number
              readonly recall: number
              readonly f1Score: number
              readonly support: number
            }
          } | null
          readonly datasetVersion: { readonly id: string; readonly classNames: ReadonlyArray<string> }
        } | null
        readonly failure: {
          readonly code: RunFailureCode
          readonly message: string
          readonly suggestion: { readonly text: string } | null
        } | null
        readonly datasetVersion: {
          readonly id: string
          readonly number: number
          readonly dataset: { readonly id: string; readonly name: string }
        }
        readonly latestEpoch: { readonly number: number } | null
        readonly bestEpoch: {
          readonly number: number
          readonly validationLoss: number
          readonly validationAccuracy: number
        } | null
      }
    | null
}

export type CompareRunsQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string
}>

export type CompareRunsQuery = {
  readonly compareTrainingRuns:
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | {
        readonly __typename: 'TrainingRunComparison'
        readonly runs: ReadonlyArray<{ readonly id: string; readonly name: string; readonly status: TrainingRunStatus }>
        readonly differences: ReadonlyArray<{ readonly name: string; readonly values: ReadonlyArray<string> }>
        readonly results: ReadonlyArray<{
          readonly testAccuracy: number | null
          readonly testAccuracyDelta: number | null
          readonly macroF1: number | null
          readonly macroF1Delta: number | null
          readonly run: { readonly id: string }
          readonly perClass: ReadonlyArray<{
            readonly label: string
            readonly f1Score: number
            readonly f1Delta: number | null
          }>
        }>
      }
}

export type ExportFileMutationVariables = Exact<{
  input: ExportCheckpointInput
}>

export type ExportFileMutation = {
  readonly exportCheckpoint:
    | {
        readonly __typename: 'ExportCheckpointSuccess'
        readonly export: {
          readonly url: string
          readonly fileName: string
          readonly byteSize: number
          readonly sha256: string
        }
      }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'TrunkUnavailable'; readonly message: string }
}

export type CancelTrainingMutationVariables = Exact<{
  id: string
}>

export type CancelTrainingMutation = {
  readonly cancelTrainingRun:
    | {
        readonly __typename: 'CancelTrainingRunSuccess'
        readonly trainingRun: { readonly id: string; readonly status: TrainingRunStatus }
      }
    | { readonly __typename: 'NotCancellable'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
}

export type AliasRowFragment = {
  readonly id: string
  readonly name: string
  readonly assignedAt: string
  readonly checkpoint: {
    readonly id: string
    readonly epoch: number
    readonly trainingRun: { readonly id: string; readonly name: string }
  }
}

export type AliasRowsQueryVariables = Exact<{ [key: string]: never }>

export type AliasRowsQuery = {
  readonly aliases: ReadonlyArray<{
    readonly id: string
    readonly name: string
    readonly assignedAt: string
    readonly checkpoint: {
      readonly id: string
      readonly epoch: number
      readonly trainingRun: { readonly id: string; readonly name: string }
    }
  }>
}

export type PointAliasMutationVariables = Exact<{
  input: AssignAliasInput
}>

export type PointAliasMutation = {
  readonly assignAlias:
    | {
        readonly __typename: 'AssignAliasSuccess'
        readonly alias: {
          readonly id: string
          readonly name: string
          readonly assignedAt: string
          readonly checkpoint: {
            readonly id: string
            readonly epoch: number
            readonly trainingRun: { readonly id: string; readonly name: string }
          }
        }
      }
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'RequirementNotMet'; readonly message: string }
}

export type PointAliasBackMutationVariables = Exact<{
  name: string
}>

export type PointAliasBackMutation = {
  readonly revertAlias:
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | {
        readonly __typename: 'RevertAliasSuccess'
        readonly alias: {
          readonly id: string
          readonly name: string
          readonly assignedAt: string
          readonly checkpoint: {
            readonly id: string
            readonly epoch: number
            readonly trainingRun: { readonly id: string; readonly name: string }
          }
        }
      }
}

export type RunsByNameQueryVariables = Exact<{
  name: string
  after?: string | null | undefined
}>

export type RunsByNameQuery = {
  readonly trainingRuns: {
    readonly nodes: ReadonlyArray<{ readonly id: string; readonly name: string }>
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

export type DatasetContentQueryVariables = Exact<{
  id: string
}>

export type DatasetContentQuery = {
  readonly node:
    | { readonly __typename: 'Alias' }
    | { readonly __typename: 'Checkpoint' }
    | {
        readonly __typename: 'Dataset'
        readonly id: string
        readonly imageCount: number
        readonly imports: { readonly totalCount: number }
      }
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
    | { readonly __typename: 'TrainingRun' }
    | null
}

export type DiscardDatasetMutationVariables = Exact<{
  id: string
}>

export type DiscardDatasetMutation = {
  readonly deleteDataset:
    | { readonly __typename: 'DeleteDatasetSuccess'; readonly deletedId: string }
    | { readonly __typename: 'InUse'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
}

export const LiveTrainersDocument = typedDocument<LiveTrainersQuery, LiveTrainersQueryVariables>(`
query LiveTrainers {
  system {
    trainers {
      lastSeenAt
    }
  }
}
`)

export const FindDatasetDocument = typedDocument<FindDatasetQuery, FindDatasetQueryVariables>(`
query FindDataset($name: String!) {
  dataset(name: $name) {
    id
    name
  }
}
`)

export const RunRowsDocument = typedDocument<RunRowsQuery, RunRowsQueryVariables>(`
query RunRows($first: Int!, $filter: TrainingRunFilter, $orderBy: TrainingRunOrder!) {
  trainingRuns(first: $first, filter: $filter, orderBy: $orderBy) {
    nodes {
      ...RunRow
    }
  }
}

fragment RunRow on TrainingRun {
  id
  name
  status
  createdAt
  datasetVersion {
    id
    number
    dataset {
      id
      name
    }
  }
  latestEpoch {
    number
  }
  bestEpoch {
    number
    validationLoss
    validationAccuracy
  }
  evaluation {
    id
    split
    report {
      accuracy
    }
  }
}
`)

export const RunResultDocument = typedDocument<RunResultQuery, RunResultQueryVariables>(`
query RunResult($id: ID!) {
  node(id: $id) {
    __typename
    ... on TrainingRun {
      ...RunRow
      attempts
      bestCheckpoint {
        id
        epoch
      }
      evaluation {
        id
        split
        loss
        downloadUrl
        report {
          accuracy
          confusionMatrix
          text
          perClass {
            label
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
        }
        datasetVersion {
          id
          classNames
        }
      }
      failure {
        code
        message
        suggestion {
          text
        }
      }
    }
  }
}

fragment RunRow on TrainingRun {
  id
  name
  status
  createdAt
  datasetVersion {
    id
    number
    dataset {
      id
      name
    }
  }
  latestEpoch {
    number
  }
  bestEpoch {
    number
    validationLoss
    validationAccuracy
  }
  evaluation {
    id
    split
    report {
      accuracy
    }
  }
}
`)

export const CompareRunsDocument = typedDocument<CompareRunsQuery, CompareRunsQueryVariables>(`
query CompareRuns($ids: [ID!]!) {
  compareTrainingRuns(ids: $ids) {
    __typename
    ... on TrainingRunComparison {
      runs {
        id
        name
        status
      }
      differences {
        name
        values
      }
      results {
        run {
          id
        }
        testAccuracy
        testAccuracyDelta
        macroF1
        macroF1Delta
        perClass {
          label
          f1Score
          f1Delta
        }
      }
    }
    ... on Error {
      message
    }
  }
}
`)

export const ExportFileDocument = typedDocument<ExportFileMutation, ExportFileMutationVariables>(`
mutation ExportFile($input: ExportCheckpointInput!) {
  exportCheckpoint(input: $input) {
    __typename
    ... on ExportCheckpointSuccess {
      export {
        url
        fileName
        byteSize
        sha256
      }
    }
    ... on Error {
      message
    }
  }
}
`)

export const CancelTrainingDocument = typedDocument<CancelTrainingMutation, CancelTrainingMutationVariables>(`
mutation CancelTraining($id: ID!) {
  cancelTrainingRun(input: {trainingRunId: $id}) {
    __typename
    ... on CancelTrainingRunSuccess {
      trainingRun {
        id
        status
      }
    }
    ... on Error {
      message
    }
  }
}
`)

export const AliasRowsDocument = typedDocument<AliasRowsQuery, AliasRowsQueryVariables>(`
query AliasRows {
  aliases {
    ...AliasRow
  }
}

fragment AliasRow on Alias {
  id
  name
  assignedAt
  checkpoint {
    id
    epoch
    trainingRun {
      id
      name
    }
  }
}
`)

export const PointAliasDocument = typedDocument<PointAliasMutation, PointAliasMutationVariables>(`
mutation PointAlias($input: AssignAliasInput!) {
  assignAlias(input: $input) {
    __typename
    ... on AssignAliasSuccess {
      alias {
        ...AliasRow
      }
    }
    ... on Error {
      message
    }
  }
}

fragment AliasRow on Alias {
  id
  name
  assignedAt
  checkpoint {
    id
    epoch
    trainingRun {
      id
      name
    }
  }
}
`)

export const PointAliasBackDocument = typedDocument<PointAliasBackMutation, PointAliasBackMutationVariables>(`
mutation PointAliasBack($name: String!) {
  revertAlias(input: {name: $name}) {
    __typename
    ... on RevertAliasSuccess {
      alias {
        ...AliasRow
      }
    }
    ... on Error {
      message
    }
  }
}

fragment AliasRow on Alias {
  id
  name
  assignedAt
  checkpoint {
    id
    epoch
    trainingRun {
      id
      name
    }
  }
}
`)

export const RunsByNameDocument = typedDocument<RunsByNameQuery, RunsByNameQueryVariables>(`
query RunsByName($name: String!, $after: String) {
  trainingRuns(first: 100, after: $after, filter: {nameContains: $name}) {
    nodes {
      id
      name
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`)

export const DatasetContentDocument = typedDocument<DatasetContentQuery, DatasetContentQueryVariables>(`
query DatasetContent($id: ID!) {
  node(id: $id) {
    __typename
    ... on Dataset {
      id
      imageCount
      imports(first: 1) {
        totalCount
      }
    }
  }
}
`)

export const DiscardDatasetDocument = typedDocument<DiscardDatasetMutation, DiscardDatasetMutationVariables>(`
mutation DiscardDataset($id: ID!) {
  deleteDataset(input: {datasetId: $id}) {
    __typename
    ... on DeleteDatasetSuccess {
      deletedId
    }
    ... on Error {
      message
    }
  }
}
`)
