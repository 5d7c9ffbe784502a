import type { CheckpointRepositories } from '../checkpoints/checkpoints.module.js'
import type { PrismaClient } from '../database/generated/client.js'
import type { DatasetRepositories } from '../datasets/dataset.module.js'
import type { PrecisionChoice } from '../domain/precision.js'
import type { EvaluationRepositories } from '../evaluations/evaluations.module.js'
import type { LinkSigner } from '../graphql/link.signer.js'
import { rowNodes, type NounModule } from '../graphql/node.type.js'
import type { ImageReader } from '../images/image.reader.js'
import { createAdmission } from '../inference/admission.js'
import type { Classifier } from '../inference/classifier.js'
import type { RunRepositories } from '../runs/runs.module.js'
import type { BlobStore } from '../storage/blob-store.js'
import { ClassifyService } from './classify.service.js'
import { DriftRepository } from './drift/drift.repository.js'
import { DriftResolver } from './drift/drift.resolver.js'
import { DriftService } from './drift/drift.service.js'
import { EmbeddingResolver } from './embedding.resolver.js'
import { EmbeddingService } from './embedding.service.js'
import { createExplanationLinks } from './explanation/explanation.links.js'
import { ExplanationOfOutcomeResolver, ExplanationResolver } from './explanation/explanation.resolver.js'
import { serveExplanations } from './explanation/explanation.route.js'
import { ExplanationService } from './explanation/explanation.service.js'
import { FeedbackService } from './feedback.service.js'
import { KeptFeatureRepository } from './kept-feature.repository.js'
import { KnownPictures } from './known-pictures.js'
import { ModelRepository } from './model.repository.js'
import { NeighbourRepository } from './neighbours/neighbour.repository.js'
import { NeighbourResolver } from './neighbours/neighbour.resolver.js'
import { NeighbourService } from './neighbours/neighbour.service.js'
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
  readonly signer: LinkSigner
  /** The server's address, without a slash at its end; known once it listens. */
  readonly baseUrl: () => string
  readonly onClassified: (seconds: number) => void
  readonly datasets: Pick<DatasetRepositories, 'images' | 'sources' | 'pictures'>
  readonly runs: Pick<RunRepositories, 'trunks' | 'calibrations'>
  readonly checkpoints: CheckpointRepositories
  readonly evaluations: EvaluationRepositories
}

export function createPredictions(options: PredictionsOptions): NounModule {
  const { prisma, storage, reader, classifier, keepImages, precision, onClassified } = options
  const { images, sources, pictures } = options.datasets
  const predictions = new PredictionRepository(prisma)
  const models = new ModelRepository(prisma)
  const kept = new KeptFeatureRepository(prisma)
  const writer = new PredictionWriter(predictions)
  const maker = new PredictionMaker({
    ...{ models, writer, sources, reader, classifier, storage, keepImages, onClassified },
  })
  const admission = createAdmission(options.classifyQueue)
  const classifying = new ClassifyService({ models, sources, maker, admission })
  const known = new KnownPictures({ predictions, sources, storage })
  const explaining = new ExplanationService({
    ...{ models, sources, reader, classifier, storage, admission, pictures: known },
  })
  const links = createExplanationLinks(options.signer, options.baseUrl)
  const feedback = new FeedbackService({ predictions, pictures, storage })
  return {
    resolvers: [
      new PredictionResolver({ classifying, feedback, predictions, images, ...options.checkpoints }),
      new EmbeddingResolver(
        new EmbeddingService({ ...options.runs, sources, reader, classifier, storage, precision, admission }),
      ),
      new NeighbourResolver(
        new NeighbourService({
          ...{ models, sources, reader, classifier, storage, admission, pictures: known },
          ...{ kept, neighbours: new NeighbourRepository(prisma) },
        }),
        images,
      ),
      new DriftResolver(new DriftService({ models, kept, storage, drifts: new DriftRepository(prisma) })),
      new ExplanationResolver(explaining, options.checkpoints.checkpoints, links),
      new ExplanationOfOutcomeResolver(options.evaluations.evaluations, links),
    ],
    nodes: [rowNodes('Prediction', predictions.byIds, (row) => new PredictionType(row))],
    serve: (app, authorise) => {
      serveExplanations(app, { service: explaining, links, authorise })
    },
  }
}
