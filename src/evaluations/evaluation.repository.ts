import type { Evaluation, PrismaClient } from '../database/generated/client.js'
import { inOrderOf } from '../database/in-order-of.js'
import { newestFirst, olderThan, type CreationKey } from '../graphql/paginate.js'

export class EvaluationRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(Evaluation | null)[]> => {
    return inOrderOf(ids, await this.prisma.evaluation.findMany({ where: { id: { in: [...ids] } } }))
  }

  find(id: string): Promise<Evaluation | null> {
    return this.prisma.evaluation.findUnique({ where: { id } })
  }

  list(checkpointId: string, after: CreationKey | undefined, limit: number): Promise<Evaluation[]> {
    const where = { checkpointId, ...olderThan(after) }
    return this.prisma.evaluation.findMany({ where, orderBy: newestFirst, take: limit })
  }

  count(checkpointId: string): Promise<number> {
    return this.prisma.evaluation.count({ where: { checkpointId } })
  }
}
