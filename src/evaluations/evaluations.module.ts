import type { CheckpointRepositories } from '../checkpoints/checkpoints.module.js'
import type { PrismaClient } from '../database/generated/client.js'
import type { DatasetRepositories } from '../datasets/dataset.module.js'
import type { Events } from '../events/events.js'
import { rowNodes, type NounModule } from '../graphql/node.type.js'
import type { Queue } from '../jobs/queue.js'
import type { RunRepositories } from '../runs/runs.module.js'
import type { BlobStore } from '../storage/blob-store.js'
import { ComparisonResolver } from './comparison.resolver.js'
import { ComparisonService } from './comparison.service.js'
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
import { OutcomeRepository } from './outcome.repository.js'
import { OutcomeType } from './outcome.type.js'

export interface EvaluationsOptions {
  readonly prisma: PrismaClient
  readonly storage: BlobStore
  readonly events: Events
  readonly queue: Queue
  readonly datasets: Pick<DatasetRepositories, 'images' | 'versions'>
  readonly runs: RunRepositories
  readonly checkpoints: CheckpointRepositories
}

export function createEvaluations(options: EvaluationsOptions): NounModule {
  const { prisma, storage, events, queue, datasets, runs, checkpoints } = options
  const evaluations = new EvaluationRepository(prisma)
  const outcomes = new OutcomeRepository(prisma)
  const requests = new EvaluationRequestRepository(prisma, queue)
  const service = new EvaluationService({ ...datasets, requests, storage })
  return {
    resolvers: [
      new EvaluationResolver({ ...datasets, ...checkpoints, service, events, evaluations, outcomes }),
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
          (await outcomes.byIds(ids)).map((found) => found && new OutcomeType(found.row, found.classNames)),
      },
    ],
  }
}
