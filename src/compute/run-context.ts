import type { Logger } from 'pino'
import type { Manifest } from '../domain/manifest.js'
import type { PrecisionChoice } from '../domain/precision.js'
import type { Engine } from '../engine/engine.type.js'
import type { ImageReader } from '../images/image.reader.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { FigureRecorder } from './figures.js'
import type { ComputeTask } from './messages.js'
import type { ProgressReporter } from './progress.js'
import type { SupervisorLink } from './supervisor-link.js'
import type { TrunkSource } from './trunk-source.js'

/** What outlives a run in the compute child. */
export interface ComputeTools {
  readonly engine: Engine
  readonly storage: BlobStore
  readonly images: ImageReader
  readonly trunks: TrunkSource
  /** Of runs that are not pinned to one yet. */
  readonly precision: PrecisionChoice
  /** For the features that a run keeps on disk. */
  readonly featureCacheBytes: number
  readonly link: SupervisorLink
}

export interface RunTools extends ComputeTools {
  readonly log: Logger
}

/** What every step of a run has at hand. */
export interface RunContext extends RunTools {
  readonly task: ComputeTask
  readonly manifest: Manifest
  readonly progress: ProgressReporter
  readonly figures: FigureRecorder
  readonly signal: AbortSignal
}
