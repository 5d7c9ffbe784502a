// Written by `npm run documents` from models.graphql and schema.graphql. Change those, not this.

import { typedDocument } from '../../../../client/typed-document.js'

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

export type LinkedCheckpointFragment = {
  readonly id: string
  readonly epoch: number
  readonly trainingRun: { readonly id: string; readonly name: string }
}

export type NamedCheckpointFragment = {
  readonly id: string
  readonly epoch: number
  readonly validationAccuracy: number
  readonly trainingRun: {
    readonly id: string
    readonly name: string
    readonly datasetVersion: {
      readonly id: string
      readonly number: number
      readonly dataset: { readonly id: string; readonly name: string }
    }
  }
}

export type AliasFactsFragment = {
  readonly id: string
  readonly name: string
  readonly assignedAt: string
  readonly checkpoint: {
    readonly id: string
    readonly epoch: number
    readonly validationAccuracy: number
    readonly trainingRun: {
      readonly id: string
      readonly name: string
      readonly datasetVersion: {
        readonly id: string
        readonly number: number
        readonly dataset: { readonly id: string; readonly name: string }
      }
    }
  }
  readonly history: ReadonlyArray<{
    readonly assignedAt: string
    readonly checkpoint: {
      readonly id: string
      readonly epoch: number
      readonly trainingRun: { readonly id: string; readonly name: string }
    } | null
  }>
}

export type AliasListQueryVariables = Exact<{ [key: string]: never }>

export type AliasListQuery = {
  readonly aliases: ReadonlyArray<{
    readonly id: string
    readonly name: string
    readonly assignedAt: string
    readonly checkpoint: {
      readonly id: string
      readonly epoch: number
      readonly validationAccuracy: number
      readonly trainingRun: {
        readonly id: string
        readonly name: string
        readonly datasetVersion: {
          readonly id: string
          readonly number: number
          readonly dataset: { readonly id: string; readonly name: string }
        }
      }
    }
    readonly history: ReadonlyArray<{
      readonly assignedAt: string
      readonly checkpoint: {
        readonly id: string
        readonly epoch: number
        readonly trainingRun: { readonly id: string; readonly name: string }
      } | null
    }>
  }>
}

export type AliasNamesQueryVariables = Exact<{ [key: string]: never }>

export type AliasNamesQuery = { readonly aliases: ReadonlyArray<{ readonly id: string; readonly name: string }> }

export type AliasFiguresQueryVariables = Exact<{
  name: string
}>

export type AliasFiguresQuery = {
  readonly alias: {
    readonly id: string
    readonly feedback: { readonly count: number; readonly correct: number; readonly accuracy: number | null }
    readonly drift: {
      readonly predictionCount: number
      readonly shift: number | null
      readonly validationShift: number | null
      readonly undefinedBecause: string | null
    }
  } | null
}

export type RunsToServeQueryVariables = Exact<{
  nameContains?: string | null | undefined
}>

export type RunsToServeQuery = {
  readonly trainingRuns: {
    readonly nodes: ReadonlyArray<{
      readonly id: string
      readonly name: string
      readonly bestCheckpoint: {
        readonly id: string
        readonly epoch: number
        readonly validationAccuracy: number
      } | null
    }>
    readonly pageInfo: { readonly hasNextPage: boolean }
  }
}

export type PointAliasMutationVariables = Exact<{
  input: AssignAliasInput
}>

export type PointAliasMutation = {
  readonly assignAlias:
    | {
        readonly __typename: 'AssignAliasSuccess'
        readonly alias: { readonly id: string; readonly name: string; readonly checkpoint: { readonly id: string } }
      }
    | {
        readonly __typename: 'InvalidInput'
        readonly message: string
        readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>; readonly message: string }>
      }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'RequirementNotMet'; readonly message: string }
}

export type RevertAliasMutationVariables = Exact<{
  name: string
}>

export type RevertAliasMutation = {
  readonly revertAlias:
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'RevertAliasSuccess'; readonly alias: { readonly id: string } }
}

export type DropAliasMutationVariables = Exact<{
  name: string
}>

export type DropAliasMutation = {
  readonly deleteAlias:
    | { readonly __typename: 'DeleteAliasSuccess'; readonly deletedId: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
}

export const AliasListDocument = typedDocument<AliasListQuery, AliasListQueryVariables>(`
query AliasList {
  aliases {
    ...AliasFacts
  }
}

fragment AliasFacts on Alias {
  id
  name
  assignedAt
  checkpoint {
    ...NamedCheckpoint
  }
  history(first: 20) {
    assignedAt
    checkpoint {
      ...LinkedCheckpoint
    }
  }
}

fragment NamedCheckpoint on Checkpoint {
  id
  epoch
  validationAccuracy
  trainingRun {
    id
    name
    datasetVersion {
      id
      number
      dataset {
        id
        name
      }
    }
  }
}

fragment LinkedCheckpoint on Checkpoint {
  id
  epoch
  trainingRun {
    id
    name
  }
}
`)

export const AliasNamesDocument = typedDocument<AliasNamesQuery, AliasNamesQueryVariables>(`
query AliasNames {
  aliases {
    id
    name
  }
}
`)

export const AliasFiguresDocument = typedDocument<AliasFiguresQuery, AliasFiguresQueryVariables>(`
query AliasFigures($name: String!) {
  alias(name: $name) {
    id
    feedback {
      count
      correct
      accuracy
    }
    drift {
      predictionCount
      shift
      validationShift
      undefinedBecause
    }
  }
}
`)

export const RunsToServeDocument = typedDocument<RunsToServeQuery, RunsToServeQueryVariables>(`
query RunsToServe($nameContains: String) {
  trainingRuns(
    first: 50
    orderBy: CREATED_AT_DESC
    filter: {statuses: [SUCCEEDED], nameContains: $nameContains}
  ) {
    nodes {
      id
      name
      bestCheckpoint {
        id
        epoch
        validationAccuracy
      }
    }
    pageInfo {
      hasNextPage
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
        id
        name
        checkpoint {
          id
        }
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

export const RevertAliasDocument = typedDocument<RevertAliasMutation, RevertAliasMutationVariables>(`
mutation RevertAlias($name: String!) {
  revertAlias(input: {name: $name}) {
    __typename
    ... on RevertAliasSuccess {
      alias {
        id
      }
    }
    ... on Error {
      message
    }
  }
}
`)

export const DropAliasDocument = typedDocument<DropAliasMutation, DropAliasMutationVariables>(`
mutation DropAlias($name: String!) {
  deleteAlias(input: {name: $name}) {
    __typename
    ... on DeleteAliasSuccess {
      deletedId
    }
    ... on Error {
      message
    }
  }
}
`)
