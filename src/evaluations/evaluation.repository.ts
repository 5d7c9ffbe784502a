import type { Evaluation, PrismaClient } from '../database/generated/client.js'
import { newestFirst, olderThan, type CreationKey } from '../graphql/paginate.js'

export class EvaluationRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(Evaluation | null)[]> => {
    const rows = await this.prisma.evaluation.findMany({ where: { id: { in: [...ids] } } })
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => byId.get(id) ?? null)
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
