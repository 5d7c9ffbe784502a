// Written by `npm run documents` from datasets.graphql and schema.graphql. Change those, not this.

import { typedDocument } from '../../../../client/typed-document.js'

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] }
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never }
/** What to freeze. */
export type CreateDatasetVersionInput = {
  /** Which classes, in which order; by default all, by label. */
  readonly classNames?: ReadonlyArray<string> | null | undefined
  /** The dataset to freeze. */
  readonly datasetId: string
  /** Whether pictures that show the same play the same part, and by what that is told. Left out, each picture is drawn for itself. */
  readonly keepDuplicatesTogether?: DuplicateEvidence | null | undefined
  /** Answers with the newest version where another would have its digest: the same pictures, labels, splits and class order. */
  readonly reuseSame?: boolean | null | undefined
  /** Of the draw, 0 to 2^31 - 1. */
  readonly seed?: number | null | undefined
  /** How to split; fractions 0.8, 0.1, 0.1 if left out. */
  readonly split?: SplitInput | null | undefined
}

/** By what it is told that pictures show the same. */
export type DuplicateEvidence =
  /** By their perceptual hashes alone, which are there as soon as the pictures are: scaled, compressed or lit otherwise, or mirrored. A function of the pictures. */
  | 'HASH'
  /** As the dataset's health found: by features too, so cropped ones as well. Refused where it is not current. */
  | 'HEALTH'

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

/** Pictures of each class; those beyond are left out. */
export type SplitCounts = {
  /** To measure the best checkpoint on; may be 0. */
  readonly test: number
  /** To learn from; above 0. */
  readonly train: number
  /** To choose the best epoch by; above 0. */
  readonly validation: number
}

/** Parts of the pictures of each class; they sum to 1. */
export type SplitFractions = {
  /** To measure the best checkpoint on; may be 0. */
  readonly test: number
  /** To learn from; above 0. */
  readonly train: number
  /** To choose the best epoch by; above 0. */
  readonly validation: number
}

/** Exactly one of these; left out, fractions 0.8, 0.1, 0.1. Stratified by class; depends on nothing but the pictures, the labels and the seed. */
export type SplitInput =
  | {
      /** By parts of each class. */
      readonly fractions: SplitFractions
      readonly fromFolders?: never
      readonly perClass?: never
    }
  | {
      readonly fractions?: never /** By the folders train/, val|validation|valid/ and test/ that the pictures lay in; only true makes sense. */
      readonly fromFolders: boolean
      readonly perClass?: never
    }
  | {
      readonly fractions?: never
      readonly fromFolders?: never /** By pictures of each class. */
      readonly perClass: SplitCounts
    }

/** The part that a picture plays in a dataset version. */
export type SplitName =
  /** What the best checkpoint is measured on once, when training has ended. */
  | 'TEST'
  /** What the head learns from. */
  | 'TRAIN'
  /** What each epoch is measured on and the best one is chosen by. */
  | 'VALIDATION'

/** What to change of a dataset; what is left out stays. */
export type UpdateDatasetInput = {
  /** Its id. */
  readonly datasetId: string
  /** What it is about; an empty text takes the description away. */
  readonly description?: string | null | undefined
  /** Unique; 1-200 characters. */
  readonly name?: string | null | undefined
}

export type DatasetListQueryVariables = Exact<{
  first: number
  after?: string | null | undefined
}>

export type DatasetListQuery = {
  readonly datasets: {
    readonly nodes: ReadonlyArray<{
      readonly id: string
      readonly name: string
      readonly description: string | null
      readonly imageCount: number
      readonly createdAt: string
      readonly classes: ReadonlyArray<{ readonly label: string; readonly imageCount: number }>
      readonly images: {
        readonly nodes: ReadonlyArray<{ readonly id: string; readonly label: string; readonly url: string }>
      }
    }>
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

export type NewDatasetMutationVariables = Exact<{
  name: string
}>

export type NewDatasetMutation = {
  readonly createDataset:
    | { readonly __typename: 'CreateDatasetSuccess'; readonly dataset: { readonly id: string } }
    | {
        readonly __typename: 'InvalidInput'
        readonly message: string
        readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>; readonly message: string }>
      }
    | { readonly __typename: 'NameTaken'; readonly message: string }
}

export type ChangeDatasetMutationVariables = Exact<{
  input: UpdateDatasetInput
}>

export type ChangeDatasetMutation = {
  readonly updateDataset:
    | {
        readonly __typename: 'InvalidInput'
        readonly message: string
        readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>; readonly message: string }>
      }
    | { readonly __typename: 'NameTaken'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'UpdateDatasetSuccess'; readonly dataset: { readonly id: string } }
}

export type DropDatasetMutationVariables = Exact<{
  id: string
}>

export type DropDatasetMutation = {
  readonly deleteDataset:
    | { readonly __typename: 'DeleteDatasetSuccess'; readonly deletedId: string }
    | { readonly __typename: 'InUse'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
}

export type DatasetDetailsQueryVariables = Exact<{
  id: string
}>

export type DatasetDetailsQuery = {
  readonly node:
    | { readonly __typename: 'Alias' }
    | { readonly __typename: 'Checkpoint' }
    | {
        readonly __typename: 'Dataset'
        readonly id: string
        readonly name: string
        readonly description: string | null
        readonly imageCount: number
        readonly createdAt: string
        readonly classes: ReadonlyArray<{ readonly label: string; readonly imageCount: number }>
        readonly versions: {
          readonly nodes: ReadonlyArray<{
            readonly id: string
            readonly number: number
            readonly digest: string
            readonly createdAt: string
            readonly classNames: ReadonlyArray<string>
            readonly splits: ReadonlyArray<{ readonly name: SplitName; readonly imageCount: number }>
          }>
        }
        readonly imports: {
          readonly nodes: ReadonlyArray<{
            readonly id: string
            readonly state: JobState
            readonly processed: number
            readonly total: number | null
            readonly added: number
            readonly duplicates: number
            readonly rejectedCount: number
            readonly error: string | null
            readonly rejected: ReadonlyArray<{ readonly fileName: string; readonly reason: string }>
          }>
        }
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

export type ImportFiguresFragment = {
  readonly id: string
  readonly state: JobState
  readonly processed: number
  readonly total: number | null
  readonly added: number
  readonly duplicates: number
  readonly rejectedCount: number
  readonly error: string | null
  readonly rejected: ReadonlyArray<{ readonly fileName: string; readonly reason: string }>
}

export type ImportMovedSubscriptionVariables = Exact<{
  id: string
}>

export type ImportMovedSubscription = {
  readonly importProgress: {
    readonly id: string
    readonly state: JobState
    readonly processed: number
    readonly total: number | null
    readonly added: number
    readonly duplicates: number
    readonly rejectedCount: number
    readonly error: string | null
    readonly rejected: ReadonlyArray<{ readonly fileName: string; readonly reason: string }>
  }
}

export type StopImportMutationVariables = Exact<{
  id: string
}>

export type StopImportMutation = {
  readonly cancelImport:
    | {
        readonly __typename: 'CancelImportSuccess'
        readonly import: {
          readonly id: string
          readonly state: JobState
          readonly processed: number
          readonly total: number | null
          readonly added: number
          readonly duplicates: number
          readonly rejectedCount: number
          readonly error: string | null
          readonly rejected: ReadonlyArray<{ readonly fileName: string; readonly reason: string }>
        }
      }
    | { readonly __typename: 'NotFound'; readonly message: string }
}

export type ImportDirectoryMutationVariables = Exact<{
  datasetId: string
  directory: string
}>

export type ImportDirectoryMutation = {
  readonly importImages:
    | { readonly __typename: 'DirectoryNotAllowed'; readonly message: string }
    | {
        readonly __typename: 'ImportImagesSuccess'
        readonly import: {
          readonly id: string
          readonly state: JobState
          readonly processed: number
          readonly total: number | null
          readonly added: number
          readonly duplicates: number
          readonly rejectedCount: number
          readonly error: string | null
          readonly rejected: ReadonlyArray<{ readonly fileName: string; readonly reason: string }>
        }
      }
    | {
        readonly __typename: 'InvalidInput'
        readonly message: string
        readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>; readonly message: string }>
      }
    | { readonly __typename: 'NotFound'; readonly message: string }
}

export type ImportUploadMutationVariables = Exact<{
  datasetId: string
  uploadId: string
}>

export type ImportUploadMutation = {
  readonly importImages:
    | { readonly __typename: 'DirectoryNotAllowed'; readonly message: string }
    | {
        readonly __typename: 'ImportImagesSuccess'
        readonly import: {
          readonly id: string
          readonly state: JobState
          readonly processed: number
          readonly total: number | null
          readonly added: number
          readonly duplicates: number
          readonly rejectedCount: number
          readonly error: string | null
          readonly rejected: ReadonlyArray<{ readonly fileName: string; readonly reason: string }>
        }
      }
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
}

export type RelabelPicturesMutationVariables = Exact<{
  ids: ReadonlyArray<string> | string
  label: string
}>

export type RelabelPicturesMutation = {
  readonly relabelImages:
    | {
        readonly __typename: 'InvalidInput'
        readonly message: string
        readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>; readonly message: string }>
      }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | {
        readonly __typename: 'RelabelImagesSuccess'
        readonly images: ReadonlyArray<{ readonly id: string; readonly label: string }>
      }
}

export type RemovePicturesMutationVariables = Exact<{
  ids: ReadonlyArray<string> | string
}>

export type RemovePicturesMutation = {
  readonly removeImages:
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'RemoveImagesSuccess'; readonly removedIds: ReadonlyArray<string> }
}

export type PictureFactsFragment = {
  readonly id: string
  readonly label: string
  readonly fileName: string
  readonly width: number
  readonly height: number
  readonly byteSize: number
  readonly url: string
}

export type DatasetPicturesQueryVariables = Exact<{
  id: string
  first: number
  after?: string | null | undefined
  label?: string | null | undefined
}>

export type DatasetPicturesQuery = {
  readonly node:
    | { readonly __typename: 'Alias' }
    | { readonly __typename: 'Checkpoint' }
    | {
        readonly __typename: 'Dataset'
        readonly id: string
        readonly images: {
          readonly nodes: ReadonlyArray<{
            readonly id: string
            readonly label: string
            readonly fileName: string
            readonly width: number
            readonly height: number
            readonly byteSize: number
            readonly url: string
          }>
          readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
        }
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

export type VersionPicturesQueryVariables = Exact<{
  id: string
  first: number
  after?: string | null | undefined
  label?: string | null | undefined
  split?: SplitName | null | undefined
}>

export type VersionPicturesQuery = {
  readonly node:
    | { readonly __typename: 'Alias' }
    | { readonly __typename: 'Checkpoint' }
    | { readonly __typename: 'Dataset' }
    | {
        readonly __typename: 'DatasetVersion'
        readonly id: string
        readonly images: {
          readonly nodes: ReadonlyArray<{
            readonly id: string
            readonly label: string
            readonly fileName: string
            readonly width: number
            readonly height: number
            readonly byteSize: number
            readonly url: string
          }>
          readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
        }
      }
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

export type FreezeVersionMutationVariables = Exact<{
  input: CreateDatasetVersionInput
}>

export type FreezeVersionMutation = {
  readonly createDatasetVersion:
    | {
        readonly __typename: 'CreateDatasetVersionSuccess'
        readonly datasetVersion: { readonly id: string; readonly number: number }
        readonly duplicates: { readonly groupCount: number; readonly imageCount: number } | null
      }
    | { readonly __typename: 'DatasetTooSmall'; readonly message: string }
    | {
        readonly __typename: 'InvalidInput'
        readonly message: string
        readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>; readonly message: string }>
      }
    | { readonly __typename: 'NotFound'; readonly message: string }
}

export const DatasetListDocument = typedDocument<DatasetListQuery, DatasetListQueryVariables>(`
query DatasetList($first: Int!, $after: String) {
  datasets(first: $first, after: $after) {
    nodes {
      id
      name
      description
      imageCount
      createdAt
      classes {
        label
        imageCount
      }
      images(first: 4) {
        nodes {
          id
          label
          url(size: 160)
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`)

export const NewDatasetDocument = typedDocument<NewDatasetMutation, NewDatasetMutationVariables>(`
mutation NewDataset($name: String!) {
  createDataset(input: {name: $name}) {
    __typename
    ... on CreateDatasetSuccess {
      dataset {
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

export const ChangeDatasetDocument = typedDocument<ChangeDatasetMutation, ChangeDatasetMutationVariables>(`
mutation ChangeDataset($input: UpdateDatasetInput!) {
  updateDataset(input: $input) {
    __typename
    ... on UpdateDatasetSuccess {
      dataset {
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

export const DropDatasetDocument = typedDocument<DropDatasetMutation, DropDatasetMutationVariables>(`
mutation DropDataset($id: ID!) {
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

export const DatasetDetailsDocument = typedDocument<DatasetDetailsQuery, DatasetDetailsQueryVariables>(`
query DatasetDetails($id: ID!) {
  node(id: $id) {
    __typename
    ... on Dataset {
      id
      name
      description
      imageCount
      createdAt
      classes {
        label
        imageCount
      }
      versions(first: 50) {
        nodes {
          id
          number
          digest
          createdAt
          classNames
          splits {
            name
            imageCount
          }
        }
      }
      imports(first: 20) {
        nodes {
          ...ImportFigures
        }
      }
    }
  }
}

fragment ImportFigures on ImageImport {
  id
  state
  processed
  total
  added
  duplicates
  rejectedCount
  rejected {
    fileName
    reason
  }
  error
}
`)

export const ImportMovedDocument = typedDocument<ImportMovedSubscription, ImportMovedSubscriptionVariables>(`
subscription ImportMoved($id: ID!) {
  importProgress(importId: $id) {
    ...ImportFigures
  }
}

fragment ImportFigures on ImageImport {
  id
  state
  processed
  total
  added
  duplicates
  rejectedCount
  rejected {
    fileName
    reason
  }
  error
}
`)

export const StopImportDocument = typedDocument<StopImportMutation, StopImportMutationVariables>(`
mutation StopImport($id: ID!) {
  cancelImport(input: {importId: $id}) {
    __typename
    ... on CancelImportSuccess {
      import {
        ...ImportFigures
      }
    }
    ... on Error {
      message
    }
  }
}

fragment ImportFigures on ImageImport {
  id
  state
  processed
  total
  added
  duplicates
  rejectedCount
  rejected {
    fileName
    reason
  }
  error
}
`)

export const ImportDirectoryDocument = typedDocument<ImportDirectoryMutation, ImportDirectoryMutationVariables>(`
mutation ImportDirectory($datasetId: ID!, $directory: String!) {
  importImages(input: {datasetId: $datasetId, source: {directory: $directory}}) {
    __typename
    ... on ImportImagesSuccess {
      import {
        ...ImportFigures
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

fragment ImportFigures on ImageImport {
  id
  state
  processed
  total
  added
  duplicates
  rejectedCount
  rejected {
    fileName
    reason
  }
  error
}
`)

export const ImportUploadDocument = typedDocument<ImportUploadMutation, ImportUploadMutationVariables>(`
mutation ImportUpload($datasetId: ID!, $uploadId: ID!) {
  importImages(input: {datasetId: $datasetId, source: {uploadId: $uploadId}}) {
    __typename
    ... on ImportImagesSuccess {
      import {
        ...ImportFigures
      }
    }
    ... on Error {
      message
    }
  }
}

fragment ImportFigures on ImageImport {
  id
  state
  processed
  total
  added
  duplicates
  rejectedCount
  rejected {
    fileName
    reason
  }
  error
}
`)

export const RelabelPicturesDocument = typedDocument<RelabelPicturesMutation, RelabelPicturesMutationVariables>(`
mutation RelabelPictures($ids: [ID!]!, $label: String!) {
  relabelImages(input: {imageIds: $ids, label: $label}) {
    __typename
    ... on RelabelImagesSuccess {
      images {
        id
        label
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

export const RemovePicturesDocument = typedDocument<RemovePicturesMutation, RemovePicturesMutationVariables>(`
mutation RemovePictures($ids: [ID!]!) {
  removeImages(input: {imageIds: $ids}) {
    __typename
    ... on RemoveImagesSuccess {
      removedIds
    }
    ... on Error {
      message
    }
  }
}
`)

export const DatasetPicturesDocument = typedDocument<DatasetPicturesQuery, DatasetPicturesQueryVariables>(`
query DatasetPictures($id: ID!, $first: Int!, $after: String, $label: String) {
  node(id: $id) {
    __typename
    ... on Dataset {
      id
      images(first: $first, after: $after, label: $label) {
        nodes {
          ...PictureFacts
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}

fragment PictureFacts on Image {
  id
  label
  fileName
  width
  height
  byteSize
  url(size: 240)
}
`)

export const VersionPicturesDocument = typedDocument<VersionPicturesQuery, VersionPicturesQueryVariables>(`
query VersionPictures($id: ID!, $first: Int!, $after: String, $label: String, $split: SplitName) {
  node(id: $id) {
    __typename
    ... on DatasetVersion {
      id
      images(first: $first, after: $after, label: $label, split: $split) {
        nodes {
          ...PictureFacts
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}

fragment PictureFacts on Image {
  id
  label
  fileName
  width
  height
  byteSize
  url(size: 240)
}
`)

export const FreezeVersionDocument = typedDocument<FreezeVersionMutation, FreezeVersionMutationVariables>(`
mutation FreezeVersion($input: CreateDatasetVersionInput!) {
  createDatasetVersion(input: $input) {
    __typename
    ... on CreateDatasetVersionSuccess {
      datasetVersion {
        id
        number
      }
      duplicates {
        groupCount
        imageCount
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
