import { CheckpointRepository } from '../checkpoints/checkpoint.repository.js'
import type { CheckpointRepositories } from '../checkpoints/checkpoints.module.js'
import type { PrismaClient } from '../database/generated/client.js'
import type { DatasetRepositories } from '../datasets/dataset.module.js'
import type { Events } from '../events/events.js'
import type { LinkSigner } from '../graphql/link.signer.js'
import { rowNodes, type NounModule } from '../graphql/node.type.js'
import type { Queue } from '../jobs/queue.js'
import type { RunRepositories } from '../runs/runs.module.js'
import type { BlobStore } from '../storage/blob-store.js'
import { ComparisonResolver } from './comparison.resolver.js'
import { ComparisonService } from './comparison.service.js'
import { createDownloadLinks } from './download/download.links.js'
import { DownloadRepository } from './download/download.repository.js'
import type { DownloadRoute } from './download/download.route.js'
import { EvaluationRequestRepository } from './evaluation-request.repository.js'
import { EvaluationRepository } from './evaluation.repository.js'
import {
  EvaluationOfRunResolver,
  EvaluationResolver,
  EvaluationsOfCheckpointResolver,
  OutcomeResolver,
} from './evaluation.resolver.js'
import { EvaluationService } from './evaluation.service.js'
import { EvaluationType } from './evaluation.type.js'
import { OutcomeScoresRepository } from './outcome-scores.repository.js'
import { OutcomeRepository } from './outcome.repository.js'
import { OutcomeType } from './outcome.type.js'
import { ReportResolver } from './report.resolver.js'
import { ScoreReportRepository } from './score-report.repository.js'
import { ScoreReportService } from './score-report.service.js'

export interface EvaluationsOptions {
  readonly prisma: PrismaClient
  readonly storage: BlobStore
  readonly events: Events
  readonly queue: Queue
  readonly signer: LinkSigner
  /** The server's address, without a slash at its end; known once it listens. */
  readonly baseUrl: () => string
  readonly datasets: Pick<DatasetRepositories, 'images' | 'versions'>
  readonly runs: RunRepositories
  readonly checkpoints: CheckpointRepositories
}

export interface EvaluationRepositories {
  readonly evaluations: EvaluationRepository
}

/** What `serveDownloads` serves from. */
export function createDownloads(prisma: PrismaClient): Pick<DownloadRoute, 'downloads' | 'scoreReports'> {
  return { downloads: new DownloadRepository(prisma), scoreReports: createScoreReports(prisma) }
}

function createScoreReports(prisma: PrismaClient): ScoreReportService {
  return new ScoreReportService({
    reports: new ScoreReportRepository(prisma),
    scores: new OutcomeScoresRepository(prisma),
    checkpoints: new CheckpointRepository(prisma),
  })
}

export function createEvaluations(
  options: EvaluationsOptions,
): NounModule & { readonly repositories: EvaluationRepositories } {
  const { prisma, storage, events, queue, signer, baseUrl, datasets, runs, checkpoints } = options
  const evaluations = new EvaluationRepository(prisma)
  const outcomes = new OutcomeRepository(prisma)
  const requests = new EvaluationRequestRepository(prisma, queue)
  const scoreReports = createScoreReports(prisma)
  const links = createDownloadLinks(signer, baseUrl)
  const service = new EvaluationService({ ...datasets, requests, storage })
  return {
    repositories: { evaluations },
    resolvers: [
      new EvaluationResolver({
        ...datasets,
        ...checkpoints,
        service,
        events,
        evaluations,
        outcomes,
        scoreReports,
        links,
      }),
      new ReportResolver(),
      new OutcomeResolver(datasets.images),
      new EvaluationOfRunResolver(evaluations),
      new EvaluationsOfCheckpointResolver(evaluations),
      new ComparisonResolver(new ComparisonService({ ...datasets, ...runs, evaluations })),
    ],
    nodes: [
      rowNodes('Evaluation', evaluations.byIds, (row) => new EvaluationType(row)),
      {
        typeName: 'Outcome',
        load: async (ids) =>
          (await outcomes.byIds(ids)).map((found) => found && new OutcomeType(found.row, found.scoredBy)),
      },
    ],
  }
}
