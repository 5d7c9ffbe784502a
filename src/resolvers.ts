/** Every resolver class of the schema. The server makes one instance of each; the printed schema needs none. */
import 'reflect-metadata'
import type { ClassType } from 'type-graphql'
import { AliasAssignmentResolver, AliasResolver } from './checkpoints/alias.resolver.js'
import { CheckpointResolver, CheckpointsOfRunResolver } from './checkpoints/checkpoint.resolver.js'
import { ExportResolver } from './checkpoints/export/export.resolver.js'
import { DatasetVersionResolver, VersionsOfDatasetResolver } from './datasets/dataset-version.resolver.js'
import { DatasetResolver } from './datasets/dataset.resolver.js'
import { ImageChangeResolver } from './datasets/image-change.resolver.js'
import { ImageResolver, ImagesOfDatasetResolver } from './datasets/image.resolver.js'
import { ImageImportResolver, ImportsOfDatasetResolver } from './datasets/import/image-import.resolver.js'
import { ComparisonResolver } from './evaluations/comparison.resolver.js'
import {
  EvaluationOfRunResolver,
  EvaluationResolver,
  EvaluationsOfCheckpointResolver,
  OutcomeResolver,
} from './evaluations/evaluation.resolver.js'
import { ReportResolver } from './evaluations/report.resolver.js'
import { NodeResolver } from './graphql/node.resolver.js'
import {
  DuplicateGroupResolver,
  DuplicatesOfHealthResolver,
  LeaksOfVersionResolver,
} from './inspections/duplicate.resolver.js'
import { HealthOfDatasetResolver, HealthResolver } from './inspections/health.resolver.js'
import { DriftResolver } from './predictions/drift/drift.resolver.js'
import { EmbeddingResolver } from './predictions/embedding.resolver.js'
import { ExplanationOfOutcomeResolver, ExplanationResolver } from './predictions/explanation/explanation.resolver.js'
import { NeighbourResolver } from './predictions/neighbours/neighbour.resolver.js'
import { PredictionResolver } from './predictions/prediction.resolver.js'
import { DatasetRunsResolver } from './runs/dataset-runs.resolver.js'
import { EpochResolver, IdempotencyConflictResolver } from './runs/epoch.resolver.js'
import { RunFeedResolver } from './runs/run-feed.resolver.js'
import { SystemResolver, TrainerResolver } from './runs/system.resolver.js'
import { TrainingMemoryResolver } from './runs/training-memory.resolver.js'
import { TrainingRunMutationResolver } from './runs/training-run-mutation.resolver.js'
import { TrainingRunResolver } from './runs/training-run.resolver.js'
import { TokenResolver } from './tokens/token.resolver.js'
import { UploadResolver } from './uploads/upload.resolver.js'

const resolvers: readonly unknown[] = [
  NodeResolver,
  UploadResolver,
  DatasetResolver,
  ImageResolver,
  ImageChangeResolver,
  ImagesOfDatasetResolver,
  ImageImportResolver,
  ImportsOfDatasetResolver,
  DatasetVersionResolver,
  VersionsOfDatasetResolver,
  TrainingRunResolver,
  TrainingRunMutationResolver,
  DatasetRunsResolver,
  TrainingMemoryResolver,
  EpochResolver,
  IdempotencyConflictResolver,
  RunFeedResolver,
  SystemResolver,
  TrainerResolver,
  HealthResolver,
  HealthOfDatasetResolver,
  DuplicatesOfHealthResolver,
  DuplicateGroupResolver,
  LeaksOfVersionResolver,
  CheckpointResolver,
  CheckpointsOfRunResolver,
  AliasResolver,
  AliasAssignmentResolver,
  ExportResolver,
  EvaluationResolver,
  ReportResolver,
  OutcomeResolver,
  EvaluationOfRunResolver,
  EvaluationsOfCheckpointResolver,
  ComparisonResolver,
  PredictionResolver,
  DriftResolver,
  EmbeddingResolver,
  ExplanationResolver,
  ExplanationOfOutcomeResolver,
  NeighbourResolver,
  TokenResolver,
]

export const RESOLVERS = resolvers as readonly ClassType[]
