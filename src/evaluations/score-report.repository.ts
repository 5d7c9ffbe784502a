import type { PrismaClient } from '../database/generated/client.js'
import type { ScoreReport } from '../evaluation/score-report.js'
import { readScoreReport } from './stored-score-report.js'

export class ScoreReportRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Null where it was not computed yet, or by a version that said other things. */
  async find(evaluationId: string): Promise<ScoreReport | null> {
    const row = await this.prisma.scoreReport.findUnique({ where: { evaluationId } })
    return row && readScoreReport(row.report)
  }

  /** Of two that come at a time the same is written; nothing where the evaluation was deleted meanwhile. */
  async keep(evaluationId: string, report: ScoreReport): Promise<void> {
    const json = JSON.stringify(report)
    await this.prisma.$executeRaw`
      INSERT INTO score_report (evaluation_id, report)
      SELECT id, ${json}::jsonb FROM evaluation WHERE id = ${evaluationId}::uuid FOR KEY SHARE
      ON CONFLICT (evaluation_id) DO UPDATE SET report = excluded.report`
  }
}
