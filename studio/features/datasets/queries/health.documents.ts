// Written by `npm run documents` from health.graphql and schema.graphql. Change those, not this.

import { typedDocument } from '../../../../client/typed-document.js'

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] }
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never }
/** How alike duplicates are. */
export type DuplicateKind =
  /** The same pixels in different files. (The same bytes are in a dataset once.) */
  | 'IDENTICAL'
  /** The same picture scaled, compressed again, lit otherwise, cropped or mirrored; or another one of the same moment. */
  | 'NEAR'

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

export type HealthQueryVariables = Exact<{
  id: string
}>

export type HealthQuery = {
  readonly node:
    | { readonly __typename: 'Alias' }
    | { readonly __typename: 'Checkpoint' }
    | {
        readonly __typename: 'Dataset'
        readonly id: string
        readonly health: {
          readonly state: JobState | null
          readonly computedAt: string | null
          readonly error: string | null
          readonly isCurrent: boolean
          readonly imageCount: number | null
          readonly classBalance: {
            readonly ratio: number | null
            readonly largest: { readonly label: string; readonly imageCount: number } | null
            readonly smallest: { readonly label: string; readonly imageCount: number } | null
          }
          readonly doubtfulLabels: { readonly totalCount: number }
          readonly duplicates: { readonly totalCount: number }
          readonly tinyImages: {
            readonly totalCount: number
            readonly nodes: ReadonlyArray<{
              readonly id: string
              readonly label: string
              readonly fileName: string
              readonly width: number
              readonly height: number
              readonly byteSize: number
              readonly url: string
            }>
          }
        }
        readonly versions: {
          readonly nodes: ReadonlyArray<{
            readonly id: string
            readonly number: number
            readonly leaks: {
              readonly totalCount: number
              readonly nodes: ReadonlyArray<{
                readonly id: string
                readonly group: { readonly id: string }
                readonly images: ReadonlyArray<{ readonly split: SplitName; readonly image: { readonly id: string } }>
              }>
            }
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

export type HealthMovedSubscriptionVariables = Exact<{
  id: string
}>

export type HealthMovedSubscription = { readonly datasetHealthChanged: { readonly state: JobState | null } }

export type InspectMutationVariables = Exact<{
  id: string
}>

export type InspectMutation = {
  readonly inspectDataset:
    | { readonly __typename: 'InspectDatasetSuccess'; readonly health: { readonly state: JobState | null } }
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
}

export type PictureToJudgeFragment = {
  readonly id: string
  readonly label: string
  readonly fileName: string
  readonly width: number
  readonly height: number
  readonly byteSize: number
  readonly url: string
}

export type DoubtfulLabelsQueryVariables = Exact<{
  id: string
  first: number
  after?: string | null | undefined
}>

export type DoubtfulLabelsQuery = {
  readonly node:
    | { readonly __typename: 'Alias' }
    | { readonly __typename: 'Checkpoint' }
    | {
        readonly __typename: 'Dataset'
        readonly id: string
        readonly health: {
          readonly doubtfulLabels: {
            readonly totalCount: number
            readonly nodes: ReadonlyArray<{
              readonly id: string
              readonly givenLabel: string
              readonly suggestedLabel: string
              readonly score: number
              readonly image: {
                readonly id: string
                readonly label: string
                readonly fileName: string
                readonly width: number
                readonly height: number
                readonly byteSize: number
                readonly url: string
              }
            }>
            readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
          }
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

export type DuplicateGroupsQueryVariables = Exact<{
  id: string
  first: number
  after?: string | null | undefined
}>

export type DuplicateGroupsQuery = {
  readonly node:
    | { readonly __typename: 'Alias' }
    | { readonly __typename: 'Checkpoint' }
    | {
        readonly __typename: 'Dataset'
        readonly id: string
        readonly health: {
          readonly duplicates: {
            readonly totalCount: number
            readonly nodes: ReadonlyArray<{
              readonly id: string
              readonly kind: DuplicateKind
              readonly labels: ReadonlyArray<string>
              readonly imageCount: number
              readonly images: ReadonlyArray<{
                readonly similarity: number
                readonly image: {
                  readonly id: string
                  readonly label: string
                  readonly fileName: string
                  readonly width: number
                  readonly height: number
                  readonly byteSize: number
                  readonly url: string
                }
              }>
            }>
            readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
          }
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

export const HealthDocument = typedDocument<HealthQuery, HealthQueryVariables>(`
query Health($id: ID!) {
  node(id: $id) {
    __typename
    ... on Dataset {
      id
      health {
        state
        computedAt
        error
        isCurrent
        imageCount
        classBalance {
          ratio
          largest {
            label
            imageCount
          }
          smallest {
            label
            imageCount
          }
        }
        doubtfulLabels(first: 1) {
          totalCount
        }
        duplicates(first: 1) {
          totalCount
        }
        tinyImages(first: 60) {
          totalCount
          nodes {
            ...PictureToJudge
          }
        }
      }
      versions(first: 1) {
        nodes {
          id
          number
          leaks(first: 100) {
            totalCount
            nodes {
              id
              group {
                id
              }
              images {
                image {
                  id
                }
                split
              }
            }
          }
        }
      }
    }
  }
}

fragment PictureToJudge on Image {
  id
  label
  fileName
  width
  height
  byteSize
  url(size: 320)
}
`)

export const HealthMovedDocument = typedDocument<HealthMovedSubscription, HealthMovedSubscriptionVariables>(`
subscription HealthMoved($id: ID!) {
  datasetHealthChanged(datasetId: $id) {
    state
  }
}
`)

export const InspectDocument = typedDocument<InspectMutation, InspectMutationVariables>(`
mutation Inspect($id: ID!) {
  inspectDataset(input: {datasetId: $id}) {
    __typename
    ... on InspectDatasetSuccess {
      health {
        state
      }
    }
    ... on Error {
      message
    }
  }
}
`)

export const DoubtfulLabelsDocument = typedDocument<DoubtfulLabelsQuery, DoubtfulLabelsQueryVariables>(`
query DoubtfulLabels($id: ID!, $first: Int!, $after: String) {
  node(id: $id) {
    __typename
    ... on Dataset {
      id
      health {
        doubtfulLabels(first: $first, after: $after) {
          totalCount
          nodes {
            id
            givenLabel
            suggestedLabel
            score
            image {
              ...PictureToJudge
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
}

fragment PictureToJudge on Image {
  id
  label
  fileName
  width
  height
  byteSize
  url(size: 320)
}
`)

export const DuplicateGroupsDocument = typedDocument<DuplicateGroupsQuery, DuplicateGroupsQueryVariables>(`
query DuplicateGroups($id: ID!, $first: Int!, $after: String) {
  node(id: $id) {
    __typename
    ... on Dataset {
      id
      health {
        duplicates(first: $first, after: $after) {
          totalCount
          nodes {
            id
            kind
            labels
            imageCount
            images {
              similarity
              image {
                ...PictureToJudge
              }
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
}

fragment PictureToJudge on Image {
  id
  label
  fileName
  width
  height
  byteSize
  url(size: 320)
}
`)
