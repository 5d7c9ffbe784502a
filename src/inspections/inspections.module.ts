import type { PrismaClient } from '../database/generated/client.js'
import type { DatasetRepositories } from '../datasets/dataset.module.js'
import type { Events } from '../events/events.js'
import { rowNodes, type NounModule } from '../graphql/node.type.js'
import type { RunRepositories } from '../runs/runs.module.js'
import { DoubtfulLabelRepository } from './doubtful-label.repository.js'
import { DuplicateRepository } from './duplicate.repository.js'
import { DuplicateGroupResolver, DuplicatesOfHealthResolver, LeaksOfVersionResolver } from './duplicate.resolver.js'
import { DuplicateGroupType, SplitLeakType } from './duplicate.type.js'
import { HealthRepository } from './health.repository.js'
import { HealthOfDatasetResolver, HealthResolver } from './health.resolver.js'
import type { InspectionRequestRepository } from './inspection-request.repository.js'
import { DoubtfulLabelType } from './health.type.js'
import { InspectionService } from './inspection.service.js'

export interface InspectionsOptions {
  readonly prisma: PrismaClient
  readonly events: Events
  readonly requests: InspectionRequestRepository
  readonly datasets: Pick<DatasetRepositories, 'datasets'>
  readonly runs: Pick<RunRepositories, 'trunks'>
}

export function createInspections(options: InspectionsOptions): NounModule {
  const { prisma, events, requests } = options
  const healths = new HealthRepository(prisma)
  const duplicates = new DuplicateRepository(prisma)
  const doubts = new DoubtfulLabelRepository(prisma)
  const service = new InspectionService(requests)
  return {
    resolvers: [
      new HealthResolver({ ...options.datasets, ...options.runs, service, events, healths, doubts }),
      new HealthOfDatasetResolver(healths),
      new DuplicatesOfHealthResolver(duplicates),
      new DuplicateGroupResolver(duplicates),
      new LeaksOfVersionResolver(duplicates),
    ],
    nodes: [
      rowNodes('DuplicateGroup', duplicates.byIds, (row) => new DuplicateGroupType(row)),
      rowNodes('DoubtfulLabel', doubts.byIds, (row) => new DoubtfulLabelType(row)),
      {
        typeName: 'SplitLeak',
        load: async (ids) => (await duplicates.leaksByIds(ids)).map((row) => row && new SplitLeakType(row)),
      },
    ],
  }
}
