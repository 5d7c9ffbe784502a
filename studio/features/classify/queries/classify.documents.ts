// Written by `npm run documents` from classify.graphql and schema.graphql. Change those, not this.

import { typedDocument } from '../../../../client/typed-document.js'

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] }
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never }
/** A picture, and what is to classify it. */
export type ClassifyInput = {
  /** The picture. */
  readonly image: ImageSource
  /** What is to classify it. */
  readonly model: ModelReference
  /** How many of the likeliest classes, 1-1,000. */
  readonly topK?: number | null | undefined
}

/** Exactly one of these. */
export type ImageSource =
  | {
      /** The file's bytes (JPEG, PNG, WebP, GIF's first frame, AVIF, TIFF) in base64, with or without a data: prefix. */
      readonly base64: string
      readonly file?: never
      readonly imageId?: never
      readonly uploadId?: never
      readonly url?: never
    }
  | {
      readonly base64?: never /** A file of a GraphQL multipart request. */
      readonly file: Blob
      readonly imageId?: never
      readonly uploadId?: never
      readonly url?: never
    }
  | {
      readonly base64?: never
      readonly file?: never /** A picture of a dataset. */
      readonly imageId: string
      readonly uploadId?: never
      readonly url?: never
    }
  | {
      readonly base64?: never
      readonly file?: never
      readonly imageId?: never /** A picture that was sent to an address of createUpload. */
      readonly uploadId: string
      readonly url?: never
    }
  | {
      readonly base64?: never
      readonly file?: never
      readonly imageId?: never
      readonly uploadId?: never /** Fetched by the server: http and https, from public addresses only, up to 5 redirects. */
      readonly url: string
    }

/** Exactly one of these. */
export type ModelReference =
  | {
      /** Whatever checkpoint an alias points to now. */
      readonly alias: string
      readonly checkpointId?: never
    }
  | { readonly alias?: never; /** A checkpoint. */ readonly checkpointId: string }

/** Exactly one of these. */
export type PictureReference =
  | {
      /** The picture itself in base64, with or without a data: prefix; looked at and not kept. */
      readonly base64: string
      readonly imageId?: never
      readonly predictionId?: never
    }
  | { readonly base64?: never; /** A picture of a dataset. */ readonly imageId: string; readonly predictionId?: never }
  | {
      readonly base64?: never
      readonly imageId?: never /** The picture of a prediction, where it was kept. */
      readonly predictionId: string
    }

export type ModelsQueryVariables = Exact<{
  asked: ReadonlyArray<string> | string
}>

export type ModelsQuery = {
  readonly aliases: ReadonlyArray<{
    readonly id: string
    readonly name: string
    readonly checkpoint: {
      readonly id: string
      readonly epoch: number
      readonly validationAccuracy: number
      readonly trainingRun: {
        readonly id: string
        readonly name: string
        readonly datasetVersion: { readonly id: string; readonly classNames: ReadonlyArray<string> }
      }
    }
  }>
  readonly trainingRuns: {
    readonly nodes: ReadonlyArray<{
      readonly id: string
      readonly name: string
      readonly bestCheckpoint: {
        readonly id: string
        readonly epoch: number
        readonly validationAccuracy: number
        readonly trainingRun: {
          readonly id: string
          readonly name: string
          readonly datasetVersion: { readonly id: string; readonly classNames: ReadonlyArray<string> }
        }
      } | null
    }>
  }
  readonly asked: ReadonlyArray<
    | { readonly __typename: 'Alias' }
    | {
        readonly __typename: 'Checkpoint'
        readonly id: string
        readonly epoch: number
        readonly validationAccuracy: number
        readonly trainingRun: {
          readonly id: string
          readonly name: string
          readonly datasetVersion: { readonly id: string; readonly classNames: ReadonlyArray<string> }
        }
      }
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
    | { readonly __typename: 'TrainingRun' }
    | null
  >
}

export type ModelFactsFragment = {
  readonly id: string
  readonly epoch: number
  readonly validationAccuracy: number
  readonly trainingRun: {
    readonly id: string
    readonly name: string
    readonly datasetVersion: { readonly id: string; readonly classNames: ReadonlyArray<string> }
  }
}

export type PredictionFactsFragment = {
  readonly id: string
  readonly label: string
  readonly confidence: number
  readonly latencyMs: number
  readonly correctLabel: string | null
  readonly createdAt: string
  readonly checkpoint: { readonly id: string } | null
  readonly scores: ReadonlyArray<{ readonly label: string; readonly probability: number }>
}

export type ClassifyPictureMutationVariables = Exact<{
  input: ClassifyInput
}>

export type ClassifyPictureMutation = {
  readonly classify:
    | {
        readonly __typename: 'ClassifySuccess'
        readonly prediction: {
          readonly id: string
          readonly label: string
          readonly confidence: number
          readonly latencyMs: number
          readonly correctLabel: string | null
          readonly createdAt: string
          readonly checkpoint: { readonly id: string } | null
          readonly scores: ReadonlyArray<{ readonly label: string; readonly probability: number }>
        }
      }
    | { readonly __typename: 'ImageTooLarge'; readonly message: string }
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'TrunkUnavailable'; readonly message: string }
    | { readonly __typename: 'UnreadableImage'; readonly message: string }
}

export type CorrectPredictionMutationVariables = Exact<{
  predictionId: string
  correctLabel: string
}>

export type CorrectPredictionMutation = {
  readonly recordFeedback:
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'PictureNotKept'; readonly message: string }
    | {
        readonly __typename: 'RecordFeedbackSuccess'
        readonly prediction: {
          readonly id: string
          readonly label: string
          readonly confidence: number
          readonly latencyMs: number
          readonly correctLabel: string | null
          readonly createdAt: string
          readonly checkpoint: { readonly id: string } | null
          readonly scores: ReadonlyArray<{ readonly label: string; readonly probability: number }>
        }
      }
}

export type ExplainQueryVariables = Exact<{
  picture: PictureReference
  model: ModelReference
  label: string
}>

export type ExplainQuery = {
  readonly explanation:
    | {
        readonly __typename: 'Explanation'
        readonly label: string
        readonly url: string
        readonly values: ReadonlyArray<ReadonlyArray<number>>
      }
    | { readonly __typename: 'ImageTooLarge'; readonly message: string }
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'PictureNotKept'; readonly message: string }
    | { readonly __typename: 'TrunkUnavailable'; readonly message: string }
    | { readonly __typename: 'UnreadableImage'; readonly message: string }
}

export type AlikeQueryVariables = Exact<{
  picture: PictureReference
  model: ModelReference
  first: number
}>

export type AlikeQuery = {
  readonly neighbours:
    | { readonly __typename: 'FeaturesNotKept'; readonly message: string }
    | { readonly __typename: 'ImageTooLarge'; readonly message: string }
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | {
        readonly __typename: 'Neighbours'
        readonly comparedCount: number
        readonly trainingCount: number
        readonly pictures: ReadonlyArray<{
          readonly label: string
          readonly similarity: number
          readonly image: { readonly id: string; readonly fileName: string; readonly url: string } | null
        }>
      }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'PictureNotKept'; readonly message: string }
    | { readonly __typename: 'TrunkUnavailable'; readonly message: string }
    | { readonly __typename: 'UnreadableImage'; readonly message: string }
}

export const ModelsDocument = typedDocument<ModelsQuery, ModelsQueryVariables>(`
query Models($asked: [ID!]!) {
  aliases {
    id
    name
    checkpoint {
      ...ModelFacts
    }
  }
  trainingRuns(first: 20, filter: {statuses: [SUCCEEDED]}) {
    nodes {
      id
      name
      bestCheckpoint {
        ...ModelFacts
      }
    }
  }
  asked: nodes(ids: $asked) {
    __typename
    ... on Checkpoint {
      ...ModelFacts
    }
  }
}

fragment ModelFacts on Checkpoint {
  id
  epoch
  validationAccuracy
  trainingRun {
    id
    name
    datasetVersion {
      id
      classNames
    }
  }
}
`)

export const ClassifyPictureDocument = typedDocument<ClassifyPictureMutation, ClassifyPictureMutationVariables>(`
mutation ClassifyPicture($input: ClassifyInput!) {
  classify(input: $input) {
    __typename
    ... on ClassifySuccess {
      prediction {
        ...PredictionFacts
      }
    }
    ... on Error {
      message
    }
  }
}

fragment PredictionFacts on Prediction {
  id
  label
  confidence
  latencyMs
  correctLabel
  createdAt
  checkpoint {
    id
  }
  scores {
    label
    probability
  }
}
`)

export const CorrectPredictionDocument = typedDocument<CorrectPredictionMutation, CorrectPredictionMutationVariables>(`
mutation CorrectPrediction($predictionId: ID!, $correctLabel: String!) {
  recordFeedback(
    input: {predictionId: $predictionId, correctLabel: $correctLabel}
  ) {
    __typename
    ... on RecordFeedbackSuccess {
      prediction {
        ...PredictionFacts
      }
    }
    ... on Error {
      message
    }
  }
}

fragment PredictionFacts on Prediction {
  id
  label
  confidence
  latencyMs
  correctLabel
  createdAt
  checkpoint {
    id
  }
  scores {
    label
    probability
  }
}
`)

export const ExplainDocument = typedDocument<ExplainQuery, ExplainQueryVariables>(`
query Explain($picture: PictureReference!, $model: ModelReference!, $label: String!) {
  explanation(picture: $picture, model: $model, label: $label) {
    __typename
    ... on Explanation {
      label
      url
      values
    }
    ... on Error {
      message
    }
  }
}
`)

export const AlikeDocument = typedDocument<AlikeQuery, AlikeQueryVariables>(`
query Alike($picture: PictureReference!, $model: ModelReference!, $first: Int!) {
  neighbours(picture: $picture, model: $model, first: $first) {
    __typename
    ... on Neighbours {
      comparedCount
      trainingCount
      pictures {
        label
        similarity
        image {
          id
          fileName
          url(size: 320)
        }
      }
    }
    ... on Error {
      message
    }
  }
}
`)
