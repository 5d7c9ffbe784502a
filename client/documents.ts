// Written by `npm run documents` from operations.graphql and schema.graphql. Change those, not this.

import { typedDocument } from './typed-document.js'

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

/** The run to stop. */
export type CancelTrainingRunInput = {
  /** Its id. */
  readonly trainingRunId: string
}

/** A picture, and what is to classify it. */
export type ClassifyInput = {
  /** The picture. */
  readonly image: ImageSource
  /** What is to classify it. */
  readonly model: ModelReference
  /** How many of the likeliest classes, 1-1,000. */
  readonly topK?: number | null | undefined
}

/** A new dataset. */
export type CreateDatasetInput = {
  /** What it is about. */
  readonly description?: string | null | undefined
  /** Unique; 1-200 characters. */
  readonly name: string
}

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

/** A file that is to be sent. */
export type CreateUploadInput = {
  /** Its size in bytes: exactly as many are taken. */
  readonly byteSize: number
  /** What it is called; 1-200 characters. What it is, its bytes tell. */
  readonly fileName: string
}

/** By what it is told that pictures show the same. */
export type DuplicateEvidence =
  /** By their perceptual hashes alone, which are there as soon as the pictures are: scaled, compressed or lit otherwise, or mirrored. A function of the pictures. */
  | 'HASH'
  /** As the dataset's health found: by features too, so cropped ones as well. Refused where it is not current. */
  | 'HEALTH'

/** When a run ends before its last epoch. */
export type EarlyStoppingInput = {
  /** By how much the validation loss must fall to count as improvement, 0 or more. */
  readonly minDelta?: number | null | undefined
  /** Epochs without improvement after which it ends, 1-1,000. */
  readonly patience: number
}

/** What is to be evaluated, and on which pictures. */
export type EvaluateCheckpointInput = {
  /** The checkpoint. */
  readonly checkpointId: string
  /** A dataset version with the checkpoint's classes, in any order. */
  readonly datasetVersionId: string
  /** The part of it to evaluate on. */
  readonly split?: SplitName | null | undefined
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

/** What to import, and where to. */
export type ImportImagesInput = {
  /** The dataset that gets the pictures. */
  readonly datasetId: string
  /** Where the pictures are. */
  readonly source: ImportSource
}

/** Exactly one of these. Labels come from the layout: a folder per class; the same under train/, val|validation|valid/ and test/; or flat files named label.number.ext, as Kaggle's dogs-vs-cats has them. */
export type ImportSource =
  | {
      /** A folder that the server can read, within the folders of GRAFT_IMPORT_ROOTS. */
      readonly directory: string
      readonly uploadId?: never
    }
  | {
      readonly directory?: never /** A .zip, .tar or .tar.gz archive that was sent to an address of createUpload. */
      readonly uploadId: string
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

/** Exactly one of these. */
export type ModelReference =
  | {
      /** Whatever checkpoint an alias points to now. */
      readonly alias: string
      readonly checkpointId?: never
    }
  | { readonly alias?: never; /** A checkpoint. */ readonly checkpointId: string }

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

export type SystemQueryVariables = Exact<{ [key: string]: never }>

export type SystemQuery = {
  readonly system: {
    readonly version: string
    readonly queuedRuns: number
    readonly runningRuns: number
    readonly engine: { readonly backend: string; readonly device: string; readonly version: string } | null
    readonly trunk: { readonly name: string; readonly sha256: string; readonly pretrained: boolean } | null
    readonly trainers: ReadonlyArray<{
      readonly id: string
      readonly lastSeenAt: string
      readonly engine: { readonly backend: string; readonly device: string; readonly version: string } | null
    }>
  }
}

export type CreateDatasetMutationVariables = Exact<{
  input: CreateDatasetInput
}>

export type CreateDatasetMutation = {
  readonly createDataset:
    | { readonly __typename: 'CreateDatasetSuccess'; readonly dataset: { readonly id: string; readonly name: string } }
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NameTaken'; readonly message: string }
}

export type CreateUploadMutationVariables = Exact<{
  input: CreateUploadInput
}>

export type CreateUploadMutation = {
  readonly createUpload:
    | {
        readonly __typename: 'CreateUploadSuccess'
        readonly upload: { readonly id: string; readonly url: string; readonly expiresAt: string }
      }
    | { readonly __typename: 'InvalidInput'; readonly message: string }
}

export type ImportImagesMutationVariables = Exact<{
  input: ImportImagesInput
}>

export type ImportImagesMutation = {
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

export type ImportStateFragment = {
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

export type ImportProgressSubscriptionVariables = Exact<{
  importId: string
}>

export type ImportProgressSubscription = {
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

export type CreateDatasetVersionMutationVariables = Exact<{
  input: CreateDatasetVersionInput
}>

export type CreateDatasetVersionMutation = {
  readonly createDatasetVersion:
    | {
        readonly __typename: 'CreateDatasetVersionSuccess'
        readonly datasetVersion: {
          readonly id: string
          readonly number: number
          readonly digest: string
          readonly classNames: ReadonlyArray<string>
          readonly splits: ReadonlyArray<{ readonly name: SplitName; readonly imageCount: number }>
        }
      }
    | { readonly __typename: 'DatasetTooSmall'; readonly message: string }
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
}

export type StartTrainingRunMutationVariables = Exact<{
  input: StartTrainingRunInput
}>

export type StartTrainingRunMutation = {
  readonly startTrainingRun:
    | { readonly __typename: 'IdempotencyConflict'; readonly message: string }
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | {
        readonly __typename: 'StartTrainingRunSuccess'
        readonly trainingRun: { readonly id: string; readonly name: string; readonly status: TrainingRunStatus }
      }
}

export type CancelTrainingRunMutationVariables = Exact<{
  input: CancelTrainingRunInput
}>

export type CancelTrainingRunMutation = {
  readonly cancelTrainingRun:
    | {
        readonly __typename: 'CancelTrainingRunSuccess'
        readonly trainingRun: { readonly id: string; readonly status: TrainingRunStatus }
      }
    | { readonly __typename: 'NotCancellable'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
}

export type EpochFiguresFragment = {
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
  readonly finishedAt: string
}

export type EpochCompletedSubscriptionVariables = Exact<{
  trainingRunId: string
  afterEpoch?: number
}>

export type EpochCompletedSubscription = {
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
    readonly finishedAt: string
  }
}

export type TrainingProgressSubscriptionVariables = Exact<{
  trainingRunId: string
}>

export type TrainingProgressSubscription = {
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

export type TrainingRunQueryVariables = Exact<{
  id: string
}>

export type TrainingRunQuery = {
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
        readonly status: TrainingRunStatus
        readonly attempts: number
        readonly startedAt: string | null
        readonly finishedAt: string | null
        readonly trunk: { readonly name: string; readonly sha256: string; readonly pretrained: boolean } | null
        readonly engine: { readonly backend: string; readonly device: string; readonly version: string } | null
        readonly bestEpoch: {
          readonly number: number
          readonly validationLoss: number
          readonly validationAccuracy: number
        } | null
        readonly bestCheckpoint: { readonly id: string; readonly epoch: number } | null
        readonly evaluation: {
          readonly id: string
          readonly split: SplitName
          readonly loss: number | null
          readonly report: { readonly accuracy: number; readonly text: string } | null
        } | null
        readonly failure: {
          readonly code: RunFailureCode
          readonly message: string
          readonly suggestion: { readonly text: string } | null
        } | null
      }
    | null
}

export type TrainingRunsQueryVariables = Exact<{
  first?: number
  after?: string | null | undefined
  filter?: TrainingRunFilter | null | undefined
  orderBy?: TrainingRunOrder
}>

export type TrainingRunsQuery = {
  readonly trainingRuns: {
    readonly nodes: ReadonlyArray<{
      readonly id: string
      readonly name: string
      readonly status: TrainingRunStatus
      readonly createdAt: string
      readonly latestEpoch: { readonly number: number; readonly validationAccuracy: number } | null
      readonly bestEpoch: {
        readonly number: number
        readonly validationLoss: number
        readonly validationAccuracy: number
      } | null
    }>
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

export type ClassifyMutationVariables = Exact<{
  input: ClassifyInput
}>

export type ClassifyMutation = {
  readonly classify:
    | {
        readonly __typename: 'ClassifySuccess'
        readonly prediction: {
          readonly id: string
          readonly label: string
          readonly confidence: number
          readonly latencyMs: number
          readonly scores: ReadonlyArray<{ readonly label: string; readonly probability: number }>
        }
      }
    | { readonly __typename: 'ImageTooLarge'; readonly message: string }
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'TrunkUnavailable'; readonly message: string }
    | { readonly __typename: 'UnreadableImage'; readonly message: string }
}

export type FirstPictureQueryVariables = Exact<{
  datasetVersionId: string
  split: SplitName
}>

export type FirstPictureQuery = {
  readonly node:
    | { readonly __typename: 'Alias' }
    | { readonly __typename: 'Checkpoint' }
    | { readonly __typename: 'Dataset' }
    | {
        readonly __typename: 'DatasetVersion'
        readonly images: {
          readonly edges: ReadonlyArray<{
            readonly label: string
            readonly node: { readonly id: string; readonly fileName: string }
          }>
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

export type EvaluateCheckpointMutationVariables = Exact<{
  input: EvaluateCheckpointInput
}>

export type EvaluateCheckpointMutation = {
  readonly evaluateCheckpoint:
    | {
        readonly __typename: 'EvaluateCheckpointSuccess'
        readonly evaluation: {
          readonly id: string
          readonly state: JobState
          readonly split: SplitName
          readonly loss: number | null
          readonly error: string | null
          readonly report: { readonly accuracy: number; readonly text: string } | null
        }
      }
    | { readonly __typename: 'InvalidInput'; readonly message: string }
    | { readonly __typename: 'NotFound'; readonly message: string }
    | { readonly __typename: 'TrunkUnavailable'; readonly message: string }
}

export type EvaluationStateFragment = {
  readonly id: string
  readonly state: JobState
  readonly split: SplitName
  readonly loss: number | null
  readonly error: string | null
  readonly report: { readonly accuracy: number; readonly text: string } | null
}

export type EvaluationChangedSubscriptionVariables = Exact<{
  evaluationId: string
}>

export type EvaluationChangedSubscription = {
  readonly evaluationChanged: {
    readonly id: string
    readonly state: JobState
    readonly split: SplitName
    readonly loss: number | null
    readonly error: string | null
    readonly report: { readonly accuracy: number; readonly text: string } | null
  }
}

export const SystemDocument = typedDocument<SystemQuery, SystemQueryVariables>(`
query System {
  system {
    version
    queuedRuns
    runningRuns
    engine {
      backend
      device
      version
    }
    trunk {
      name
      sha256
      pretrained
    }
    trainers {
      id
      lastSeenAt
      engine {
        backend
        device
        version
      }
    }
  }
}
`)

export const CreateDatasetDocument = typedDocument<CreateDatasetMutation, CreateDatasetMutationVariables>(`
mutation CreateDataset($input: CreateDatasetInput!) {
  createDataset(input: $input) {
    __typename
    ... on CreateDatasetSuccess {
      dataset {
        id
        name
      }
    }
    ... on Error {
      message
    }
  }
}
`)

export const CreateUploadDocument = typedDocument<CreateUploadMutation, CreateUploadMutationVariables>(`
mutation CreateUpload($input: CreateUploadInput!) {
  createUpload(input: $input) {
    __typename
    ... on CreateUploadSuccess {
      upload {
        id
        url
        expiresAt
      }
    }
    ... on Error {
      message
    }
  }
}
`)

export const ImportImagesDocument = typedDocument<ImportImagesMutation, ImportImagesMutationVariables>(`
mutation ImportImages($input: ImportImagesInput!) {
  importImages(input: $input) {
    __typename
    ... on ImportImagesSuccess {
      import {
        ...ImportState
      }
    }
    ... on Error {
      message
    }
  }
}

fragment ImportState on ImageImport {
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

export const ImportProgressDocument = typedDocument<ImportProgressSubscription, ImportProgressSubscriptionVariables>(`
subscription ImportProgress($importId: ID!) {
  importProgress(importId: $importId) {
    ...ImportState
  }
}

fragment ImportState on ImageImport {
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

export const CreateDatasetVersionDocument = typedDocument<
  CreateDatasetVersionMutation,
  CreateDatasetVersionMutationVariables
>(`
mutation CreateDatasetVersion($input: CreateDatasetVersionInput!) {
  createDatasetVersion(input: $input) {
    __typename
    ... on CreateDatasetVersionSuccess {
      datasetVersion {
        id
        number
        digest
        classNames
        splits {
          name
          imageCount
        }
      }
    }
    ... on Error {
      message
    }
  }
}
`)

export const StartTrainingRunDocument = typedDocument<StartTrainingRunMutation, StartTrainingRunMutationVariables>(`
mutation StartTrainingRun($input: StartTrainingRunInput!) {
  startTrainingRun(input: $input) {
    __typename
    ... on StartTrainingRunSuccess {
      trainingRun {
        id
        name
        status
      }
    }
    ... on Error {
      message
    }
  }
}
`)

export const CancelTrainingRunDocument = typedDocument<CancelTrainingRunMutation, CancelTrainingRunMutationVariables>(`
mutation CancelTrainingRun($input: CancelTrainingRunInput!) {
  cancelTrainingRun(input: $input) {
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

export const EpochCompletedDocument = typedDocument<EpochCompletedSubscription, EpochCompletedSubscriptionVariables>(`
subscription EpochCompleted($trainingRunId: ID!, $afterEpoch: Int! = 0) {
  epochCompleted(trainingRunId: $trainingRunId, afterEpoch: $afterEpoch) {
    ...EpochFigures
  }
}

fragment EpochFigures on Epoch {
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
  finishedAt
}
`)

export const TrainingProgressDocument = typedDocument<
  TrainingProgressSubscription,
  TrainingProgressSubscriptionVariables
>(`
subscription TrainingProgress($trainingRunId: ID!) {
  trainingProgress(trainingRunId: $trainingRunId) {
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

export const TrainingRunDocument = typedDocument<TrainingRunQuery, TrainingRunQueryVariables>(`
query TrainingRun($id: ID!) {
  node(id: $id) {
    __typename
    ... on TrainingRun {
      id
      name
      status
      attempts
      startedAt
      finishedAt
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
      bestEpoch {
        number
        validationLoss
        validationAccuracy
      }
      bestCheckpoint {
        id
        epoch
      }
      evaluation {
        id
        split
        loss
        report {
          accuracy
          text
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
`)

export const TrainingRunsDocument = typedDocument<TrainingRunsQuery, TrainingRunsQueryVariables>(`
query TrainingRuns($first: Int! = 20, $after: String, $filter: TrainingRunFilter, $orderBy: TrainingRunOrder! = CREATED_AT_DESC) {
  trainingRuns(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    nodes {
      id
      name
      status
      createdAt
      latestEpoch {
        number
        validationAccuracy
      }
      bestEpoch {
        number
        validationLoss
        validationAccuracy
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`)

export const ClassifyDocument = typedDocument<ClassifyMutation, ClassifyMutationVariables>(`
mutation Classify($input: ClassifyInput!) {
  classify(input: $input) {
    __typename
    ... on ClassifySuccess {
      prediction {
        id
        label
        confidence
        latencyMs
        scores {
          label
          probability
        }
      }
    }
    ... on Error {
      message
    }
  }
}
`)

export const FirstPictureDocument = typedDocument<FirstPictureQuery, FirstPictureQueryVariables>(`
query FirstPicture($datasetVersionId: ID!, $split: SplitName!) {
  node(id: $datasetVersionId) {
    __typename
    ... on DatasetVersion {
      images(split: $split, first: 1) {
        edges {
          label
          node {
            id
            fileName
          }
        }
      }
    }
  }
}
`)

export const EvaluateCheckpointDocument = typedDocument<
  EvaluateCheckpointMutation,
  EvaluateCheckpointMutationVariables
>(`
mutation EvaluateCheckpoint($input: EvaluateCheckpointInput!) {
  evaluateCheckpoint(input: $input) {
    __typename
    ... on EvaluateCheckpointSuccess {
      evaluation {
        ...EvaluationState
      }
    }
    ... on Error {
      message
    }
  }
}

fragment EvaluationState on Evaluation {
  id
  state
  split
  loss
  report {
    accuracy
    text
  }
  error
}
`)

export const EvaluationChangedDocument = typedDocument<
  EvaluationChangedSubscription,
  EvaluationChangedSubscriptionVariables
>(`
subscription EvaluationChanged($evaluationId: ID!) {
  evaluationChanged(evaluationId: $evaluationId) {
    ...EvaluationState
  }
}

fragment EvaluationState on Evaluation {
  id
  state
  split
  loss
  report {
    accuracy
    text
  }
  error
}
`)
