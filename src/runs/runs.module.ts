import type { Logger } from 'pino'
import type { PrismaClient } from '../database/generated/client.js'
import type { DatasetRepositories } from '../datasets/dataset.module.js'
import type { Events } from '../events/events.js'
import { rowNodes, type NounModule } from '../graphql/node.type.js'
import type { BlobStore } from '../storage/blob-store.js'
import { CalibrationRepository } from './calibration.repository.js'
import { DatasetRunsResolver } from './dataset-runs.resolver.js'
import { EpochRepository } from './epoch.repository.js'
import { EpochResolver, IdempotencyConflictResolver } from './epoch.resolver.js'
import { EpochType } from './epoch.type.js'
import { RunChangeRepository } from './run-change.repository.js'
import { RunControlRepository } from './run-control.repository.js'
import { RunControlService } from './run-control.service.js'
import { RunCreationRepository } from './run-creation.repository.js'
import { RunFeedResolver } from './run-feed.resolver.js'
import { RunRemovalRepository } from './run-removal.repository.js'
import { StartRunService } from './start-run.service.js'
import { SystemRepository } from './system.repository.js'
import { SystemResolver, TrainerResolver } from './system.resolver.js'
import { TrainingMemoryResolver } from './training-memory.resolver.js'
import { TrainingRunMutationResolver } from './training-run-mutation.resolver.js'
import { TrainingRunRepository } from './training-run.repository.js'
import { TrainingRunResolver } from './training-run.resolver.js'
import { TrainingRunType } from './training-run.type.js'
import { TrunkRepository } from './trunk.repository.js'

export interface RunsOptions {
  readonly prisma: PrismaClient
  readonly events: Events
  readonly storage: BlobStore
  readonly log: Logger
  /** Graft's own, for `system`. */
  readonly version: string
  readonly datasets: Pick<DatasetRepositories, 'datasets' | 'versions'>
}

/** What the other nouns read of runs, so that a request's loaders are shared. */
export interface RunRepositories {
  readonly runs: TrainingRunRepository
  readonly trunks: TrunkRepository
  readonly calibrations: CalibrationRepository
}

export function createRuns(options: RunsOptions): NounModule & { readonly repositories: RunRepositories } {
  const { prisma, events, storage, log, version } = options
  const { datasets, versions } = options.datasets
  const runs = new TrainingRunRepository(prisma)
  const epochs = new EpochRepository(prisma)
  const trunks = new TrunkRepository(prisma)
  const changes = new RunChangeRepository(prisma)
  const control = new RunControlRepository(prisma)
  const removal = new RunRemovalRepository(prisma)
  return {
    repositories: { runs, trunks, calibrations: new CalibrationRepository(prisma) },
    resolvers: [
      new TrainingRunResolver({ runs, epochs, trunks, versions }),
      new TrainingRunMutationResolver(
        new StartRunService(new RunCreationRepository(prisma), log),
        new RunControlService({ control, removal, storage, log }),
      ),
      new DatasetRunsResolver(runs),
      new TrainingMemoryResolver(),
      new EpochResolver(runs),
      new IdempotencyConflictResolver(runs),
      new RunFeedResolver({ events, runs, epochs, changes, datasets }),
      new SystemResolver(new SystemRepository(prisma), trunks, version),
      new TrainerResolver(runs),
    ],
    nodes: [
      rowNodes('TrainingRun', runs.byIds, (row) => new TrainingRunType(row)),
      rowNodes('Epoch', epochs.byIds, (row) => new EpochType(row)),
    ],
  }
}
