import type { PrismaClient } from '../database/generated/client.js'
import { rowNodes, type NounModule } from '../graphql/node.type.js'
import type { RunRepositories } from '../runs/runs.module.js'
import type { BlobStore } from '../storage/blob-store.js'
import { AliasRepository } from './alias.repository.js'
import { AliasAssignmentResolver, AliasResolver } from './alias.resolver.js'
import { AliasService } from './alias.service.js'
import { AliasType } from './alias.type.js'
import { CheckpointRepository } from './checkpoint.repository.js'
import { CheckpointResolver, CheckpointsOfRunResolver } from './checkpoint.resolver.js'
import { CheckpointType } from './checkpoint.type.js'
import { ExportRepository } from './export/export.repository.js'
import { ExportResolver } from './export/export.resolver.js'
import { ExportService } from './export/export.service.js'

export interface CheckpointsOptions {
  readonly prisma: PrismaClient
  readonly storage: BlobStore
  readonly runs: RunRepositories
  /** The server's address, without a slash at its end; known once it listens. */
  readonly baseUrl: () => string
}

export interface CheckpointRepositories {
  readonly checkpoints: CheckpointRepository
  readonly aliases: AliasRepository
}

export function createCheckpoints({
  prisma,
  storage,
  runs,
  baseUrl,
}: CheckpointsOptions): NounModule & { readonly repositories: CheckpointRepositories } {
  const checkpoints = new CheckpointRepository(prisma)
  const aliases = new AliasRepository(prisma)
  const exporting = new ExportService({ exports: new ExportRepository(prisma), storage })
  return {
    repositories: { checkpoints, aliases },
    resolvers: [
      new CheckpointResolver({ ...runs, aliases }),
      new CheckpointsOfRunResolver(checkpoints),
      new AliasResolver(new AliasService(aliases), { aliases, checkpoints }),
      new AliasAssignmentResolver(checkpoints),
      new ExportResolver(exporting, baseUrl),
    ],
    nodes: [
      rowNodes('Checkpoint', checkpoints.byIds, (row) => new CheckpointType(row)),
      rowNodes('Alias', aliases.byIds, (row) => new AliasType(row)),
    ],
  }
}
