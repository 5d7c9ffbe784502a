import type { Prisma, PrismaClient, TrainingRun } from '../database/generated/client.js'
import { inOrderOf } from '../database/in-order-of.js'
import { sharing } from '../database/shared-reads.js'
import type { TrainingRunStatus } from '../domain/status.js'
import { RUN_ORDERINGS, type RunKey, type TrainingRunOrder } from './training-run.order.js'

/** A filter with local ids; what is left out does not narrow. */
export interface RunFilter {
  readonly datasetId?: string
  readonly statuses?: readonly TrainingRunStatus[]
  readonly nameContains?: string
  readonly minValidationAccuracy?: number
  readonly createdAfter?: Date
  readonly createdBefore?: Date
}

export interface RunPage {
  readonly filter: RunFilter
  readonly order: TrainingRunOrder
  readonly after: RunKey | undefined
  readonly limit: number
}

export class TrainingRunRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(TrainingRun | null)[]> => {
    return inOrderOf(ids, await this.prisma.trainingRun.findMany({ where: { id: { in: [...ids] } } }))
  }

  readonly #shared = sharing(this.byIds)

  /** Read once for all who ask together. */
  find(id: string): Promise<TrainingRun | null> {
    return this.#shared(id)
  }

  list({ filter, order, after, limit }: RunPage): Promise<TrainingRun[]> {
    const ordering = RUN_ORDERINGS[order]
    const where = after === undefined ? conditionOf(filter) : { AND: [conditionOf(filter), ordering.after(after)] }
    return this.prisma.trainingRun.findMany({ where, orderBy: ordering.orderBy, take: limit })
  }

  count(filter: RunFilter): Promise<number> {
    return this.prisma.trainingRun.count({ where: conditionOf(filter) })
  }
}

function conditionOf(filter: RunFilter): Prisma.TrainingRunWhereInput {
  const { datasetId, statuses, nameContains, minValidationAccuracy, createdAfter, createdBefore } = filter
  return {
    ...(datasetId === undefined ? {} : { datasetVersion: { datasetId } }),
    ...(statuses === undefined ? {} : { status: { in: [...statuses] } }),
    ...(nameContains === undefined ? {} : { name: { contains: asLiteral(nameContains), mode: 'insensitive' } }),
    ...(minValidationAccuracy === undefined ? {} : { bestValidationAccuracy: { gte: minValidationAccuracy } }),
    createdAt: {
      ...(createdAfter === undefined ? {} : { gt: createdAfter }),
      ...(createdBefore === undefined ? {} : { lt: createdBefore }),
    },
  }
}

/** Prisma hands the text to ILIKE as it is, where `%`, `_` and `\` mean something else. */
function asLiteral(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
