/**
 * What the supervisor and its compute child say to each other, over Node's IPC with structured clones. One run at a time;
 * messages arrive in the order in which they were sent.
 */
import type { RunFailure } from '../domain/failure.js'
import type { Hyperparameters } from '../domain/hyperparameters.js'
import type { TrunkPrecision } from '../domain/precision.js'
import type { RunProgress } from '../domain/progress.js'
import type { SplitName } from '../domain/status.js'
import type { Backend, EngineInfo } from '../engine/engine.type.js'
import type { StoredShard } from '../features/collect-features.js'
import type { PortionAnswer, PortionRequest } from '../features/feature-portions.js'
import type { FeatureRecipe } from '../features/feature-recipe.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { EpochResult } from '../training/training.type.js'
import type { Figures } from './figures.js'

export type StoredBlob = Awaited<ReturnType<BlobStore['put']>>

/** A run as far as computing goes. Every sha256 names a blob in storage. */
export interface ComputeTask {
  readonly runId: string
  /** Whose claim it is: for the log, which follows a run through both processes. */
  readonly trainerId: string
  readonly lease: number
  readonly manifestSha256: string
  readonly hyperparameters: Hyperparameters
  /** Pinned by an earlier attempt, or by the checkpoint that the run starts from; null takes the configured weights. */
  readonly trunkSha256: string | null
  /** Pinned with the trunk; null takes the configured one. */
  readonly trunkPrecision: TrunkPrecision | null
  /** Pinned by an earlier attempt. */
  readonly backend: Backend | null
  readonly fromCheckpointSha256: string | null
  readonly resumeSha256: string | null
  readonly best: BestCheckpoint | null
}

export interface BestCheckpoint {
  readonly epoch: number
  readonly sha256: string
}

/** A stand-alone evaluation as far as computing goes. Every sha256 names a blob in storage. */
export interface EvaluationTask {
  readonly evaluationId: string
  readonly manifestSha256: string
  readonly split: SplitName
  readonly checkpointSha256: string
  /** The checkpoint's own. */
  readonly trunkSha256: string
  readonly trunkPrecision: TrunkPrecision
}

/** A picture of a dataset as far as looking for faults goes. */
export interface InspectedPicture {
  readonly sha256: string
  /** Index among the dataset's labels; null for one that only versions hold any more. */
  readonly label: number | null
  /** As `signHash` gives it; null where it is not known yet. */
  readonly hash: bigint | null
}

/** Looking for what is wrong with a dataset's pictures, as far as computing goes. */
export interface InspectionTask {
  /** Whose features are compared; null takes the configured weights. */
  readonly trunkSha256: string | null
  readonly trunkPrecision: TrunkPrecision
  readonly imageSize: number
  /** Of kept features that another engine than ONNX Runtime computed; null for its own. */
  readonly featureKey: string | null
  /** By sha256; those with a label first. */
  readonly pictures: readonly InspectedPicture[]
  readonly classCount: number
}

/** Pictures by their index in the task. */
export interface InspectionResult {
  /** Of the trunk whose features were compared; null where there are too many pictures for that. */
  readonly trunkSha256: string | null
  /** Those that were not known. */
  readonly hashes: readonly (readonly [picture: number, hash: bigint])[]
  readonly groups: readonly InspectedGroup[]
  readonly doubts: readonly { readonly picture: number; readonly suggested: number; readonly score: number }[]
}

export interface InspectedGroup {
  /** Whether all of them are the same pixels. */
  readonly identical: boolean
  readonly members: readonly { readonly picture: number; readonly similarity: number }[]
}

/** Features that another trainer's run needs. */
export interface PortionTask {
  readonly featureKey: string
  readonly recipe: FeatureRecipe
  /** sha256. */
  readonly pictures: readonly string[]
}

export type ToCompute =
  | { readonly type: 'run'; readonly task: ComputeTask }
  | { readonly type: 'help'; readonly task: PortionTask }
  | { readonly type: 'evaluate'; readonly task: EvaluationTask }
  | { readonly type: 'inspect'; readonly task: InspectionTask }
  | { readonly type: 'cancel' }
  /** The answer to `prepared`, `sourced` and `featuresWanted`: shards that are kept for its key. */
  | { readonly type: 'shards'; readonly shards: readonly string[] }
  /** The answer to `portionWanted`. */
  | ({ readonly type: 'portion' } & PortionAnswer)
  /** The answer to `calibration`: the one that everybody uses; null while there is none. */
  | { readonly type: 'calibration'; readonly sha256: string | null }
  /** The answer to `epoch`: it is in the database. */
  | { readonly type: 'stored' }

/** What GRAFT_TRUNK_WEIGHTS names. */
export interface ConfiguredTrunk {
  readonly sha256: string
  readonly name: string
  readonly pretrained: boolean
}

export interface EvaluatedPicture {
  /** The picture's line in the manifest, from 0. */
  readonly position: number
  readonly actual: number
  readonly predicted: number
  /** In class order, summing to 1. */
  readonly probabilities: Float64Array
  readonly loss: number
}

export interface EvaluationResult {
  /** Of the checkpoint. */
  readonly epoch: number
  readonly split: SplitName
  readonly loss: number
  readonly confusionMatrix: readonly (readonly number[])[]
  readonly accuracy: number
  readonly outcomes: readonly EvaluatedPicture[]
}

export interface StoredCheckpoint extends StoredBlob {
  /** Of the trunk as it was trained; null where only the head learns. */
  readonly trainedTrunkSha256: string | null
}

export interface FinishedEpoch {
  readonly epoch: EpochResult
  /** Only for an epoch that is the best so far. */
  readonly checkpoint: StoredCheckpoint | null
  readonly resume: StoredBlob
}

/** Asks for the calibration of a trunk at a size, and offers one where there is none. */
export interface CalibrationOffer {
  readonly trunkSha256: string
  readonly imageSize: number
  readonly offered: string | null
}

export interface Preparation {
  readonly trunkSha256: string
  readonly trunkPrecision: TrunkPrecision
  /** Null where the run was pinned to its trunk before. */
  readonly configured: ConfiguredTrunk | null
  readonly engine: EngineInfo
  readonly featureKey: string
  readonly recipe: FeatureRecipe
}

/** A child that has just started. Without an engine every run that it is given fails with the reason. */
export interface Greeting {
  readonly type: 'ready'
  readonly engine: EngineInfo | null
  /** Of trunks, that it can do. */
  readonly computations: readonly string[]
}

/** How a run ends in the child; it is free for the next one then. */
export type Ending =
  | { readonly type: 'evaluated'; readonly evaluation: EvaluationResult }
  /** `picture`: sha256 of the one that the failure is about. */
  | { readonly type: 'failed'; readonly failure: RunFailure; readonly picture: string | null }
  | { readonly type: 'cancelled' }

export type RunMessage =
  | ({ readonly type: 'calibration' } & CalibrationOffer)
  | ({ readonly type: 'prepared' } & Preparation)
  | FeaturesWanted
  | ({ readonly type: 'portionWanted' } & PortionRequest)
  | { readonly type: 'shardStored'; readonly shard: StoredShard; readonly portionId: string | null }
  | {
      readonly type: 'shardsRead'
      readonly used: readonly string[]
      readonly lost: readonly string[]
      readonly found: number
    }
  | { readonly type: 'figures'; readonly figures: Figures }
  | { readonly type: 'status'; readonly status: 'RUNNING' | 'EVALUATING' }
  | { readonly type: 'progress'; readonly progress: RunProgress }
  | ({ readonly type: 'epoch' } & FinishedEpoch)
  | Ending

/** Asks for the shards that are kept for a key; what is stored from then on is of that key. */
interface FeaturesWanted {
  readonly type: 'featuresWanted'
  readonly featureKey: string
  readonly recipe: FeatureRecipe
}

/** Said where nothing else is, at most once a second: a child that is silent for too long is taken for hanging. */
export interface Working {
  readonly type: 'working'
  /** What comes next may take so long without a word. */
  readonly silenceMs: number
}

/** What an evaluation's child says. */
export type EvaluationMessage =
  FeaturesWanted | Extract<RunMessage, { type: 'shardStored' | 'shardsRead' | 'figures' | 'evaluated' | 'failed' }>

/** What an inspection's child says. */
export type InspectionMessage =
  | {
      readonly type: 'sourced'
      readonly trunkSha256: string
      /** Null where the task named the trunk. */
      readonly configured: ConfiguredTrunk | null
      readonly featureKey: string
      readonly recipe: FeatureRecipe
    }
  | { readonly type: 'inspected'; readonly inspection: InspectionResult }
  | Extract<RunMessage, { type: 'shardStored' | 'shardsRead' | 'failed' }>

/** What a child says that helps another trainer's run. */
export type HelpMessage =
  { readonly type: 'helped'; readonly shard: StoredShard } | Extract<RunMessage, { type: 'failed' | 'cancelled' }>

export type FromCompute = Greeting | Working | RunMessage | EvaluationMessage | InspectionMessage | HelpMessage
