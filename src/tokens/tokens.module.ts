import type { Config } from '../config/config.js'
import type { PrismaClient } from '../database/generated/client.js'
import type { NounModule } from '../graphql/node.type.js'
import { TokenRepository } from './token.repository.js'
import { TokenResolver } from './token.resolver.js'
import { TokenService } from './token.service.js'

export function createTokens({ prisma, config }: { prisma: PrismaClient; config: Pick<Config, 'tokens'> }): NounModule {
  const tokens = new TokenRepository(prisma)
  const configured = config.tokens.map(({ name }) => name)
  return { resolvers: [new TokenResolver(new TokenService(tokens, configured), tokens)], nodes: [] }
}
