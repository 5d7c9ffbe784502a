import type { Evaluation, Outcome, PrismaClient } from '../../database/generated/client.js'
import type { ScoredBy } from '../class-score.js'

/** An evaluation with what its outcomes are read by. */
export interface DownloadSubject {
  readonly evaluation: Evaluation
  readonly scoredBy: ScoredBy
}

export interface FiledOutcome extends Outcome {
  readonly fileName: string
}

const OUTCOMES_AT_A_TIME = 500

export class DownloadRepository {
  constructor(private readonly prisma: PrismaClient) {}

  async find(id: string): Promise<DownloadSubject | null> {
    const row = await this.prisma.evaluation.findUnique({
      where: { id },
      include: { datasetVersion: { select: { classNames: true } }, checkpoint: { select: { temperature: true } } },
    })
    if (row === null) return null
    const { datasetVersion, checkpoint, ...evaluation } = row
    return { evaluation, scoredBy: { ...datasetVersion, ...checkpoint } }
  }

  /** By position, page by page. */
  async *outcomes(evaluationId: string): AsyncGenerator<FiledOutcome[]> {
    for (let after = -1; ;) {
      const rows = await this.prisma.outcome.findMany({
        where: { evaluationId, position: { gt: after } },
        orderBy: { position: 'asc' },
        take: OUTCOMES_AT_A_TIME,
        include: { image: { select: { fileName: true } } },
      })
      const last = rows.at(-1)
      if (last === undefined) return
      yield rows.map(({ image, ...outcome }) => ({ ...outcome, ...image }))
      after = last.position
    }
  }
}
