import type { ApiToken, Prisma, PrismaClient } from '../database/generated/client.js'
import { notify } from '../events/events.js'

export class TokenRepository {
  constructor(private readonly prisma: PrismaClient) {}

  find(id: string): Promise<ApiToken | null> {
    return this.prisma.apiToken.findUnique({ where: { id } })
  }

  withIds(ids: readonly string[]): Promise<ApiToken[]> {
    return this.prisma.apiToken.findMany({ where: { id: { in: [...ids] } } })
  }

  /** All of them, newest first: people make few. */
  list(): Promise<ApiToken[]> {
    return this.prisma.apiToken.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] })
  }

  /** Null where another has the name. */
  async create(data: Prisma.ApiTokenCreateManyInput): Promise<ApiToken | null> {
    const [made] = await this.prisma.apiToken.createManyAndReturn({ data: [data], skipDuplicates: true })
    return made ?? null
  }

  /** Rings on every server. False where there was none. */
  async delete(id: string): Promise<boolean> {
    return this.prisma.$transaction(async (tx) => {
      const { count } = await tx.apiToken.deleteMany({ where: { id } })
      if (count > 0) await notify(tx, { topic: 'token', id })
      return count > 0
    })
  }

  async touch(id: string, now: Date): Promise<void> {
    await this.prisma.apiToken.updateMany({ where: { id }, data: { lastUsedAt: now } })
  }
}
