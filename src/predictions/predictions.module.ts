import type { CheckpointRepositories } from '../checkpoints/checkpoints.module.js'
import type { PrismaClient } from '../database/generated/client.js'
import type { DatasetRepositories } from '../datasets/dataset.module.js'
import type { PrecisionChoice } from '../domain/precision.js'
import { rowNodes, type NounModule } from '../graphql/node.type.js'
import type { ImageReader } from '../images/image.reader.js'
import { createAdmission } from '../inference/admission.js'
import type { Classifier } from '../inference/classifier.js'
import type { RunRepositories } from '../runs/runs.module.js'
import type { BlobStore } from '../storage/blob-store.js'
import { ClassifyService } from './classify.service.js'
import { EmbeddingResolver } from './embedding.resolver.js'
import { EmbeddingService } from './embedding.service.js'
import { FeedbackService } from './feedback.service.js'
import { ModelRepository } from './model.repository.js'
import { PredictionMaker } from './prediction.maker.js'
import { PredictionRepository } from './prediction.repository.js'
import { PredictionResolver } from './prediction.resolver.js'
import { PredictionType } from './prediction.type.js'
import { PredictionWriter } from './prediction.writer.js'

export interface PredictionsOptions {
  readonly prisma: PrismaClient
  readonly storage: BlobStore
  readonly reader: ImageReader
  readonly classifier: Classifier
  /** GRAFT_KEEP_PREDICTION_IMAGES. */
  readonly keepImages: boolean
  /** GRAFT_CLASSIFY_QUEUE. */
  readonly classifyQueue: number
  /** GRAFT_TRUNK_PRECISION. */
  readonly precision: PrecisionChoice
  readonly onClassified: (seconds: number) => void
  readonly datasets: Pick<DatasetRepositories, 'images' | 'sources' | 'pictures'>
  readonly runs: Pick<RunRepositories, 'trunks' | 'calibrations'>
  readonly checkpoints: CheckpointRepositories
}

export function createPredictions(options: PredictionsOptions): NounModule {
  const { prisma, storage, reader, classifier, keepImages, precision, onClassified } = options
  const { images, sources, pictures } = options.datasets
  const predictions = new PredictionRepository(prisma)
  const models = new ModelRepository(prisma)
  const writer = new PredictionWriter(predictions)
  const maker = new PredictionMaker({
    ...{ models, writer, sources, reader, classifier, storage, keepImages, onClassified },
  })
  const admission = createAdmission(options.classifyQueue)
  const classifying = new ClassifyService({ models, sources, maker, admission })
  const feedback = new FeedbackService({ predictions, pictures, storage })
  return {
    resolvers: [
      new PredictionResolver({ classifying, feedback, predictions, images, ...options.checkpoints }),
      new EmbeddingResolver(new EmbeddingService({ ...options.runs, sources, reader, classifier, storage, precision })),
    ],
    nodes: [rowNodes('Prediction', predictions.byIds, (row) => new PredictionType(row))],
  }
}
