// Written by `npm run documents` from runs.graphql and schema.graphql. Change those, not this.

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

/** What a checkpoint is written as; either file is the whole network. */
export type ExportFormat =
  /** One graph from a picture [N, 3, imageSize, imageSize] to probabilities, its labels in the metadata. */
  | 'ONNX'
  /** Tensors with torchvision's names, the head's as fc.N.*: for PyTorch's load_state_dict. */
  | 'SAFETENSORS'

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

export type RunFiguresFragment = {
  readonly id: string
  readonly name: string
  readonly status: TrainingRunStatus
  readonly createdAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
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

export type AllHyperparametersFragment = {
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

export type RunListQueryVariables = Exact<{
  first: number
  after?: string | null | undefined
  filter?: TrainingRunFilter | null | undefined
  orderBy: TrainingRunOrder
}>

export type RunListQuery = {
  readonly trainingRuns: {
    readonly nodes: ReadonlyArray<{
      readonly id: string
      readonly name: string
      readonly status: TrainingRunStatus
      readonly createdAt: string
      readonly startedAt: string | null
      readonly finishedAt: string | null
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
    }>
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

export type RunCurvesQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string
}>

export type RunCurvesQuery = {
  readonly nodes: ReadonlyArray<
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
        readonly epochs: ReadonlyArray<{ readonly number: number; readonly validationAccuracy: number }>
      }
    | null
  >
}

export type RunCurveQueryVariables = Exact<{
  id: string
  afterEpoch: number
}>

export type RunCurveQuery = {
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
        readonly epochs: ReadonlyArray<{
          readonly number: number
          readonly trainLoss: number
          readonly validationLoss: number
          readonly validationAccuracy: number
        }>
      }
    | null
}

export type DatasetNamesQueryVariables = Exact<{ [key: string]: never }>

export type DatasetNamesQuery = {
  readonly datasets: { readonly nodes: ReadonlyArray<{ readonly id: string; readonly name: string }> }
}

export type AnyRunChangedSubscriptionVariables = Exact<{ [key: string]: never }>

export type AnyRunChangedSubscription = {
  readonly trainingRunChanged: {
    readonly id: string
    readonly name: string
    readonly status: TrainingRunStatus
    readonly createdAt: string
    readonly startedAt: string | null
    readonly finishedAt: string | null
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
}

export type RunQueryVariables = Exact<{
  id: string
}>

export type RunQuery = {
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
        readonly startedAt: string | null
        readonly finishedAt: string | null
        readonly fromCheckpoint: {
          readonly id: string
          readonly epoch: number
          readonly trainingRun: { readonly id: string; readonly name: string }
        } | null
        readonly trunk: { readonly name: string; readonly sha256: string; readonly pretrained: boolean } | null
        readonly engine: { readonly backend: string; readonly device: string; readonly version: string } | null
        readonly architecture: {
          readonly text: string
          readonly parameterCount: number
          readonly trainableParameterCount: number
        }
        readonly bestCheckpoint: {
          readonly id: string
          readonly epoch: number
          readonly aliases: ReadonlyArray<string>
        } | null
        readonly checkpoints: {
          readonly nodes: ReadonlyArray<{
            readonly id: string
            readonly epoch: number
            readonly validationLoss: number
            readonly validationAccuracy: number
            readonly byteSize: number
            readonly aliases: ReadonlyArray<string>
          }>
        }
        readonly failure: {
          readonly code: RunFailureCode
          readonly message: string
          readonly suggestion: {
            readonly text: string
            readonly changes: ReadonlyArray<{ readonly name: string; readonly value: string }>
          } | null
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
        readonly evaluation: {
          readonly id: string
          readonly split: SplitName
          readonly report: { readonly accuracy: number } | null
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

export type LiveEpochFragment = {
  readonly id: string
  readonly number: number
  readonly trainLoss: number
  readonly trainAccuracy: number
  readonly validationLoss: number
  readonly validationAccuracy: number
  readonly macroF1: number
  readonly learningRate: number
  readonly seconds: number
  readonly imagesPerSecond: number
  readonly perClass: ReadonlyArray<{
    readonly label: string
    readonly precision: number
    readonly recall: number
    readonly f1Score: number
    readonly support: number
  }>
}

export type RunEpochsSubscriptionVariables = Exact<{
  id: string
  afterEpoch: number
}>

export type RunEpochsSubscription = {
  readonly epochCompleted: {
    readonly id: string
    readonly number: number
    readonly trainLoss: number
    readonly trainAccuracy: number
    readonly validationLoss: number
    readonly validationAccuracy: number
    readonly macroF1: number
    readonly learningRate: number
    readonly seconds: number
    readonly imagesPerSecond: number
    readonly perClass: ReadonlyArray<{
      readonly label: string
      readonly precision: number
      readonly recall: number
      readonly f1Score: number
      readonly support: number
    }>
  }
}

export type RunProgressSubscriptionVariables = Exact<{
  id: string
}>

export type RunProgressSubscription = {
  readonly trainingProgress: {
    readonly status: TrainingRunStatus
    readonly featuresDone: number
    readonly featuresTotal: number
    readonly epoch: number
    readonly step: number
    readonly stepsPerEpoch: number
    readonly loss: number | null
    readonly imagesPerSecond: number | null
    readonly secondsLeft: number | null
  }
}

export type CancelRunMutationVariables = Exact<{
  id: string
}>

export type CancelRunMutation = {
  readonly cancelTrainingRun:
    | {
        readonly __typename: 'CancelTrainingRunSuccess'
        readonly trainingRun: { readonly id: string; readonly status: TrainingRunStatus }
      }
    | { readonly __typename: 'NotCancellable'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
}

export type ResumeRunMutationVariables = Exact<{
  id: string
}>

export type ResumeRunMutation = {
  readonly resumeTrainingRun:
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'NotResumable'; readonly message: string }
    | {
        readonly __typename: 'ResumeTrainingRunSuccess'
        readonly trainingRun: { readonly id: string; readonly status: TrainingRunStatus }
      }
}

export type DeleteRunMutationVariables = Exact<{
  id: string
}>

export type DeleteRunMutation = {
  readonly deleteTrainingRun:
    | { readonly __typename: 'DeleteTrainingRunSuccess'; readonly deletedId: string }
    | { readonly __typename: 'InUse'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
}

export type ExportModelMutationVariables = Exact<{
  checkpointId: string
  format: ExportFormat
}>

export type ExportModelMutation = {
  readonly exportCheckpoint:
    | {
        readonly __typename: 'ExportCheckpointSuccess'
        readonly export: {
          readonly url: string
          readonly fileName: string
          readonly byteSize: number
          readonly expiresAt: string
          readonly pageUrl: string
        }
      }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'TrunkUnavailable'; readonly message: string }
}

export type CompareQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string
}>

export type CompareQuery = {
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

export const RunListDocument = typedDocument<RunListQuery, RunListQueryVariables>(`
query RunList($first: Int!, $after: String, $filter: TrainingRunFilter, $orderBy: TrainingRunOrder!) {
  trainingRuns(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    nodes {
      ...RunFigures
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}

fragment RunFigures on TrainingRun {
  id
  name
  status
  createdAt
  startedAt
  finishedAt
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
  hyperparameters {
    ...AllHyperparameters
  }
}

fragment AllHyperparameters on Hyperparameters {
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
`)

export const RunCurvesDocument = typedDocument<RunCurvesQuery, RunCurvesQueryVariables>(`
query RunCurves($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    ... on TrainingRun {
      id
      epochs(first: 100) {
        number
        validationAccuracy
      }
    }
  }
}
`)

export const RunCurveDocument = typedDocument<RunCurveQuery, RunCurveQueryVariables>(`
query RunCurve($id: ID!, $afterEpoch: Int!) {
  node(id: $id) {
    __typename
    ... on TrainingRun {
      id
      epochs(afterEpoch: $afterEpoch, first: 100) {
        number
        trainLoss
        validationLoss
        validationAccuracy
      }
    }
  }
}
`)

export const DatasetNamesDocument = typedDocument<DatasetNamesQuery, DatasetNamesQueryVariables>(`
query DatasetNames {
  datasets(first: 100) {
    nodes {
      id
      name
    }
  }
}
`)

export const AnyRunChangedDocument = typedDocument<AnyRunChangedSubscription, AnyRunChangedSubscriptionVariables>(`
subscription AnyRunChanged {
  trainingRunChanged {
    ...RunFigures
  }
}

fragment RunFigures on TrainingRun {
  id
  name
  status
  createdAt
  startedAt
  finishedAt
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
  hyperparameters {
    ...AllHyperparameters
  }
}

fragment AllHyperparameters on Hyperparameters {
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
`)

export const RunDocument = typedDocument<RunQuery, RunQueryVariables>(`
query Run($id: ID!) {
  node(id: $id) {
    __typename
    ... on TrainingRun {
      ...RunFigures
      attempts
      fromCheckpoint {
        id
        epoch
        trainingRun {
          id
          name
        }
      }
      trunk {
        name
        sha256
        pretrained
      }
      engine {
        backend
        device
        version
      }
      architecture {
        text
        parameterCount
        trainableParameterCount
      }
      bestCheckpoint {
        id
        epoch
        aliases
      }
      checkpoints(first: 10) {
        nodes {
          id
          epoch
          validationLoss
          validationAccuracy
          byteSize
          aliases
        }
      }
      failure {
        code
        message
        suggestion {
          text
          changes {
            name
            value
          }
        }
      }
    }
  }
}

fragment RunFigures on TrainingRun {
  id
  name
  status
  createdAt
  startedAt
  finishedAt
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
  hyperparameters {
    ...AllHyperparameters
  }
}

fragment AllHyperparameters on Hyperparameters {
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
`)

export const RunEpochsDocument = typedDocument<RunEpochsSubscription, RunEpochsSubscriptionVariables>(`
subscription RunEpochs($id: ID!, $afterEpoch: Int!) {
  epochCompleted(trainingRunId: $id, afterEpoch: $afterEpoch) {
    ...LiveEpoch
  }
}

fragment LiveEpoch on Epoch {
  id
  number
  trainLoss
  trainAccuracy
  validationLoss
  validationAccuracy
  macroF1
  learningRate
  seconds
  imagesPerSecond
  perClass {
    label
    precision
    recall
    f1Score
    support
  }
}
`)

export const RunProgressDocument = typedDocument<RunProgressSubscription, RunProgressSubscriptionVariables>(`
subscription RunProgress($id: ID!) {
  trainingProgress(trainingRunId: $id) {
    status
    featuresDone
    featuresTotal
    epoch
    step
    stepsPerEpoch
    loss
    imagesPerSecond
    secondsLeft
  }
}
`)

export const CancelRunDocument = typedDocument<CancelRunMutation, CancelRunMutationVariables>(`
mutation CancelRun($id: ID!) {
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

export const ResumeRunDocument = typedDocument<ResumeRunMutation, ResumeRunMutationVariables>(`
mutation ResumeRun($id: ID!) {
  resumeTrainingRun(input: {trainingRunId: $id}) {
    __typename
    ... on ResumeTrainingRunSuccess {
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

export const DeleteRunDocument = typedDocument<DeleteRunMutation, DeleteRunMutationVariables>(`
mutation DeleteRun($id: ID!) {
  deleteTrainingRun(input: {trainingRunId: $id}) {
    __typename
    ... on DeleteTrainingRunSuccess {
      deletedId
    }
    ... on Error {
      message
    }
  }
}
`)

export const ExportModelDocument = typedDocument<ExportModelMutation, ExportModelMutationVariables>(`
mutation ExportModel($checkpointId: ID!, $format: ExportFormat!) {
  exportCheckpoint(input: {checkpointId: $checkpointId, format: $format}) {
    __typename
    ... on ExportCheckpointSuccess {
      export {
        url
        fileName
        byteSize
        expiresAt
        pageUrl
      }
    }
    ... on Error {
      message
    }
  }
}
`)

export const CompareDocument = typedDocument<CompareQuery, CompareQueryVariables>(`
query Compare($ids: [ID!]!) {
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
