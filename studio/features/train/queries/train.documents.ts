// Written by `npm run documents` from train.graphql and schema.graphql. Change those, not this.

import { typedDocument } from '../../../../client/typed-document.js'

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] }
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never }
/** How pictures are varied while training. */
export type Augmentation =
  /** Mirrored at random: 2 views of each picture are kept. */
  | 'FLIP'
  /** Not at all. */
  | 'NONE'
  /** Cropped, mirrored and recoloured at random: 4 views of each picture are kept. */
  | 'STANDARD'
  /** Cropped, mirrored and distorted at random, and mixed with each other (mixup): 8 views of each picture are kept. */
  | 'STRONG'

/** When a run ends before its last epoch. */
export type EarlyStoppingInput = {
  /** By how much the validation loss must fall to count as improvement, 0 or more. */
  readonly minDelta?: number | null | undefined
  /** Epochs without improvement after which it ends, 1-1,000. */
  readonly patience: number
}

/** What to train with; whatever is left out or null takes its default. */
export type HyperparametersInput = {
  /** How pictures are varied while training. */
  readonly augmentation?: Augmentation | null | undefined
  /** Whether rare classes weigh more in the training loss. */
  readonly balanceClasses?: boolean | null | undefined
  /** Pictures a step, 1-4,096. */
  readonly batchSize?: number | null | undefined
  /** One in [0, 1) before each hidden layer. Default: the head it starts from, else [0.5, 0.3]. */
  readonly dropout?: ReadonlyArray<number> | null | undefined
  /** When it ends before its last epoch; default never. */
  readonly earlyStopping?: EarlyStoppingInput | null | undefined
  /** Passes over TRAIN, 1-1,000. */
  readonly epochs?: number | null | undefined
  /** Up to 8 of 1-8,192; empty for a linear head. Default: the head it starts from, else [1024, 256]. */
  readonly hiddenUnits?: ReadonlyArray<number> | null | undefined
  /** Width and height in pixels that the network sees: a multiple of 32, 32-512. */
  readonly imageSize?: number | null | undefined
  /** The share of each label that is spread over all classes in the training loss, [0, 1). */
  readonly labelSmoothing?: number | null | undefined
  /** The highest learning rate of the schedule, above 0, to 10. */
  readonly learningRate?: number | null | undefined
  /** SGD's momentum, [0, 1). */
  readonly momentum?: number | null | undefined
  /** Whether SGD's momentum is Nesterov's. */
  readonly nesterov?: boolean | null | undefined
  /** How a gradient becomes a step. */
  readonly optimizer?: Optimizer | null | undefined
  /** How the learning rate moves. */
  readonly schedule?: LearningRateSchedule | null | undefined
  /** What every random draw follows from, 0 to 2^31 - 1. */
  readonly seed?: number | null | undefined
  /** Which part of the network learns. */
  readonly trainableLayers?: TrainableLayers | null | undefined
  /** The trunk's learning rate as a share of the head's, 0-1. */
  readonly trunkLearningRateFactor?: number | null | undefined
  /** Epochs over which the learning rate rises from 0; 0 to epochs. */
  readonly warmupEpochs?: number | null | undefined
  /** How strongly weights are pulled to 0, 0-1. */
  readonly weightDecay?: number | null | undefined
}

/** How the learning rate moves. */
export type LearningRateSchedule =
  /** It stays. */
  | 'CONSTANT'
  /** Half a cosine from learningRate to 0 over the steps after warm-up. */
  | 'COSINE'
  /** PyTorch's one cycle: up to learningRate, then down to almost 0. It warms up by itself. */
  | 'ONE_CYCLE'
  /** A tenth after a third of the epochs, a hundredth after two thirds. */
  | 'STEP'

/** How a gradient becomes a step. */
export type Optimizer =
  /** Adam; weightDecay is L2 in the gradient, as in PyTorch's Adam. */
  | 'ADAM'
  /** Adam with decoupled weight decay. */
  | 'ADAMW'
  /** Stochastic gradient descent with momentum. */
  | 'SGD'

/** The part that a picture plays in a dataset version. */
export type SplitName =
  /** What the best checkpoint is measured on once, when training has ended. */
  | 'TEST'
  /** What the head learns from. */
  | 'TRAIN'
  /** What each epoch is measured on and the best one is chosen by. */
  | 'VALIDATION'

/** A new run. */
export type StartTrainingRunInput = {
  /** What to train on. */
  readonly datasetVersionId: string
  /** A checkpoint whose trunk and head to start from. */
  readonly fromCheckpointId?: string | null | undefined
  /** What to train with. */
  readonly hyperparameters?: HyperparametersInput | null | undefined
  /** 1-200 characters of your own: asking again with the same key and input gives the same run. */
  readonly idempotencyKey?: string | null | undefined
  /** 1-200 characters; default the dataset, version and a number. */
  readonly name?: string | null | undefined
}

/** Which part of ResNet-50 learns; the rest stays as pretrained, its batch norms in inference mode. LAYER3 means layer3, layer4 and the head. */
export type TrainableLayers =
  /** Everything. */
  | 'ALL'
  /** The grafted head alone. */
  | 'HEAD'
  /** layer1 to layer4 and the head. */
  | 'LAYER1'
  /** layer2 to layer4 and the head. */
  | 'LAYER2'
  /** layer3, layer4 and the head. */
  | 'LAYER3'
  /** layer4 and the head. */
  | 'LAYER4'

export type VersionToTrainQueryVariables = Exact<{
  id: string
}>

export type VersionToTrainQuery = {
  readonly node:
    | { readonly __typename: 'Alias' }
    | { readonly __typename: 'Checkpoint' }
    | { readonly __typename: 'Dataset' }
    | {
        readonly __typename: 'DatasetVersion'
        readonly id: string
        readonly number: number
        readonly classNames: ReadonlyArray<string>
        readonly splits: ReadonlyArray<{ readonly name: SplitName; readonly imageCount: number }>
        readonly dataset: { readonly id: string; readonly name: string }
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

export type VersionsToTrainQueryVariables = Exact<{ [key: string]: never }>

export type VersionsToTrainQuery = {
  readonly datasets: {
    readonly nodes: ReadonlyArray<{
      readonly id: string
      readonly name: string
      readonly versions: {
        readonly nodes: ReadonlyArray<{
          readonly id: string
          readonly number: number
          readonly splits: ReadonlyArray<{ readonly name: SplitName; readonly imageCount: number }>
        }>
      }
    }>
  }
}

export type RunToRepeatQueryVariables = Exact<{
  id: string
}>

export type RunToRepeatQuery = {
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
        readonly name: string
        readonly fromCheckpoint: {
          readonly id: string
          readonly epoch: number
          readonly trainingRun: { readonly id: string; readonly name: string }
        } | null
        readonly hyperparameters: {
          readonly epochs: number
          readonly batchSize: number
          readonly learningRate: number
          readonly optimizer: Optimizer
          readonly momentum: number
          readonly nesterov: boolean
          readonly weightDecay: number
          readonly schedule: LearningRateSchedule
          readonly warmupEpochs: number
          readonly labelSmoothing: number
          readonly balanceClasses: boolean
          readonly trainableLayers: TrainableLayers
          readonly trunkLearningRateFactor: number
          readonly hiddenUnits: ReadonlyArray<number>
          readonly dropout: ReadonlyArray<number>
          readonly augmentation: Augmentation
          readonly imageSize: number
          readonly seed: number
          readonly earlyStopping: { readonly patience: number; readonly minDelta: number } | null
        }
      }
    | null
}

export type RecentSpeedsQueryVariables = Exact<{ [key: string]: never }>

export type RecentSpeedsQuery = {
  readonly trainingRuns: {
    readonly nodes: ReadonlyArray<{
      readonly id: string
      readonly startedAt: string | null
      readonly finishedAt: string | null
      readonly hyperparameters: {
        readonly trainableLayers: TrainableLayers
        readonly imageSize: number
        readonly augmentation: Augmentation
      }
      readonly datasetVersion: {
        readonly id: string
        readonly splits: ReadonlyArray<{ readonly name: SplitName; readonly imageCount: number }>
      }
      readonly latestEpoch: {
        readonly id: string
        readonly number: number
        readonly seconds: number
        readonly imagesPerSecond: number
      } | null
    }>
  }
}

export type MemoryToTrainQueryVariables = Exact<{
  version: string
  hyperparameters: HyperparametersInput
}>

export type MemoryToTrainQuery = {
  readonly node:
    | { readonly __typename: 'Alias' }
    | { readonly __typename: 'Checkpoint' }
    | { readonly __typename: 'Dataset' }
    | { readonly __typename: 'DatasetVersion'; readonly id: string; readonly trainingMemoryBytes: number | null }
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

export type StartRunMutationVariables = Exact<{
  input: StartTrainingRunInput
}>

export type StartRunMutation = {
  readonly startTrainingRun:
    | { readonly __typename: 'IdempotencyConflict'; readonly message: string }
    | {
        readonly __typename: 'InvalidInput'
        readonly message: string
        readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>; readonly message: string }>
      }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'StartTrainingRunSuccess'; readonly trainingRun: { readonly id: string } }
}

export const VersionToTrainDocument = typedDocument<VersionToTrainQuery, VersionToTrainQueryVariables>(`
query VersionToTrain($id: ID!) {
  node(id: $id) {
    __typename
    ... on DatasetVersion {
      id
      number
      classNames
      splits {
        name
        imageCount
      }
      dataset {
        id
        name
      }
    }
  }
}
`)

export const VersionsToTrainDocument = typedDocument<VersionsToTrainQuery, VersionsToTrainQueryVariables>(`
query VersionsToTrain {
  datasets(first: 100) {
    nodes {
      id
      name
      versions(first: 5) {
        nodes {
          id
          number
          splits {
            name
            imageCount
          }
        }
      }
    }
  }
}
`)

export const RunToRepeatDocument = typedDocument<RunToRepeatQuery, RunToRepeatQueryVariables>(`
query RunToRepeat($id: ID!) {
  node(id: $id) {
    __typename
    ... on TrainingRun {
      id
      name
      fromCheckpoint {
        id
        epoch
        trainingRun {
          id
          name
        }
      }
      hyperparameters {
        epochs
        batchSize
        learningRate
        optimizer
        momentum
        nesterov
        weightDecay
        schedule
        warmupEpochs
        labelSmoothing
        balanceClasses
        trainableLayers
        trunkLearningRateFactor
        hiddenUnits
        dropout
        augmentation
        imageSize
        earlyStopping {
          patience
          minDelta
        }
        seed
      }
    }
  }
}
`)

export const RecentSpeedsDocument = typedDocument<RecentSpeedsQuery, RecentSpeedsQueryVariables>(`
query RecentSpeeds {
  trainingRuns(first: 50, filter: {statuses: [SUCCEEDED]}) {
    nodes {
      id
      startedAt
      finishedAt
      hyperparameters {
        trainableLayers
        imageSize
        augmentation
      }
      datasetVersion {
        id
        splits {
          name
          imageCount
        }
      }
      latestEpoch {
        id
        number
        seconds
        imagesPerSecond
      }
    }
  }
}
`)

export const MemoryToTrainDocument = typedDocument<MemoryToTrainQuery, MemoryToTrainQueryVariables>(`
query MemoryToTrain($version: ID!, $hyperparameters: HyperparametersInput!) {
  node(id: $version) {
    __typename
    ... on DatasetVersion {
      id
      trainingMemoryBytes(hyperparameters: $hyperparameters)
    }
  }
}
`)

export const StartRunDocument = typedDocument<StartRunMutation, StartRunMutationVariables>(`
mutation StartRun($input: StartTrainingRunInput!) {
  startTrainingRun(input: $input) {
    __typename
    ... on StartTrainingRunSuccess {
      trainingRun {
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
