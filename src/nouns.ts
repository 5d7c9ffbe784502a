/** The nouns, made once for a server: each with its resolvers and how its nodes are found. */
import 'reflect-metadata'
import type { Logger } from 'pino'
import { createCheckpoints } from './checkpoints/checkpoints.module.js'
import type { Config } from './config/config.js'
import { createDatasets, type DatasetsOptions } from './datasets/dataset.module.js'
import { createEvaluations } from './evaluations/evaluations.module.js'
import type { LinkSigner } from './graphql/link.signer.js'
import type { NounModule } from './graphql/node.type.js'
import type { Classifier } from './inference/classifier.js'
import { InspectionRequestRepository } from './inspections/inspection-request.repository.js'
import { createInspections } from './inspections/inspections.module.js'
import { createPredictions } from './predictions/predictions.module.js'
import { createRuns } from './runs/runs.module.js'
import { createTokens } from './tokens/tokens.module.js'
import { createUploads } from './uploads/uploads.module.js'

export interface NounsOptions extends Omit<DatasetsOptions, 'uploads' | 'onChange'> {
  readonly config: DatasetsOptions['config'] &
    Pick<Config, 'keepPredictionImages' | 'trunkPrecision' | 'classifyQueue' | 'maxUploadBytes' | 'tokens'>
  readonly classifier: Classifier
  readonly log: Logger
  readonly signer: LinkSigner
  /** The server's address, without a slash at its end; known once it listens. */
  readonly baseUrl: () => string
  /** Told how long each classification took. */
  readonly onClassified: (seconds: number) => void
  /** Graft's own. */
  readonly version: string
}

/** Each is handed what those before it can be asked for. */
export function createNouns(options: NounsOptions): NounModule[] {
  const uploads = createUploads(options)
  const requests = new InspectionRequestRepository(options.prisma, options.queue)
  const datasets = createDatasets({
    ...options,
    uploads: uploads.repositories,
    onChange: (tx, id) => requests.askAfterChange(tx, id),
  })
  const below = { ...options, datasets: datasets.repositories }
  const runs = createRuns(below)
  const inspections = createInspections({ ...below, requests, runs: runs.repositories })
  const checkpoints = createCheckpoints({ ...below, runs: runs.repositories })
  const evaluations = createEvaluations({
    ...below,
    runs: runs.repositories,
    checkpoints: checkpoints.repositories,
  })
  const predictions = createPredictions({
    ...below,
    runs: runs.repositories,
    checkpoints: checkpoints.repositories,
    evaluations: evaluations.repositories,
    keepImages: options.config.keepPredictionImages,
    classifyQueue: options.config.classifyQueue,
    precision: options.config.trunkPrecision,
  })
  return [createTokens(options), uploads, datasets, runs, inspections, checkpoints, evaluations, predictions]
}
