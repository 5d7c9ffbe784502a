import type { Outcome, Prisma, PrismaClient } from '../database/generated/client.js'
import type { ScoredBy } from './class-score.js'
import type { OutcomeKey, OutcomeOrder } from './outcome.order.js'

/** Classes by their index. */
export interface OutcomeFilter {
  readonly evaluationId: string
  readonly actual?: number
  readonly predicted?: number
}

export interface OutcomePage {
  readonly filter: OutcomeFilter
  readonly order: OutcomeOrder
  readonly after: OutcomeKey | undefined
  readonly limit: number
}

/** An outcome's local id: its evaluation's, `:` and the picture's position. */
export type OutcomeId = string

export interface NamedOutcome {
  readonly row: Outcome
  readonly scoredBy: ScoredBy
}

export class OutcomeRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly OutcomeId[]): Promise<(NamedOutcome | null)[]> => {
    const wanted = ids.map((id) => {
      const [evaluationId = '', position] = id.split(':')
      return { evaluationId, position: Number(position) }
    })
    const rows = await this.prisma.outcome.findMany({
      where: { OR: wanted.filter(({ position }) => Number.isInteger(position)) },
      include: {
        evaluation: {
          select: { datasetVersion: { select: { classNames: true } }, checkpoint: { select: { temperature: true } } },
        },
      },
    })
    const found = new Map(
      rows.map(({ evaluation, ...row }) => [
        `${row.evaluationId}:${String(row.position)}`,
        { row, scoredBy: { ...evaluation.datasetVersion, ...evaluation.checkpoint } },
      ]),
    )
    return ids.map((id) => found.get(id) ?? null)
  }

  list({ filter, order, after, limit }: OutcomePage): Promise<Outcome[]> {
    const direction = order === 'LOSS_DESC' ? 'desc' : 'asc'
    return this.prisma.outcome.findMany({
      where: after === undefined ? filter : { AND: [filter, beyond(after, order)] },
      orderBy: [{ loss: direction }, { position: direction }],
      take: limit,
    })
  }

  count(filter: OutcomeFilter): Promise<number> {
    return this.prisma.outcome.count({ where: filter })
  }
}

function beyond([loss, position]: OutcomeKey, order: OutcomeOrder): Prisma.OutcomeWhereInput {
  return order === 'LOSS_DESC'
    ? { loss: { lte: loss }, OR: [{ loss: { lt: loss } }, { position: { lt: position } }] }
    : { loss: { gte: loss }, OR: [{ loss: { gt: loss } }, { position: { gt: position } }] }
}
