import type { Config } from '../config/config.js'
import type { PrismaClient } from '../database/generated/client.js'
import type { NounModule } from '../graphql/node.type.js'
import { UploadRepository } from './upload.repository.js'
import { UploadResolver } from './upload.resolver.js'
import { UploadService } from './upload.service.js'

export interface UploadsOptions {
  readonly config: Pick<Config, 'maxUploadBytes'>
  readonly prisma: PrismaClient
  readonly baseUrl: () => string
}

/** What other nouns read of uploads. */
export interface UploadRepositories {
  readonly uploads: UploadRepository
  readonly sending: UploadService
}

export function createUploads(options: UploadsOptions): NounModule & { readonly repositories: UploadRepositories } {
  const { config, prisma, baseUrl } = options
  const uploads = new UploadRepository(prisma)
  const sending = new UploadService({ uploads, baseUrl, maxUploadBytes: config.maxUploadBytes })
  return { repositories: { uploads, sending }, resolvers: [new UploadResolver(sending)], nodes: [] }
}
