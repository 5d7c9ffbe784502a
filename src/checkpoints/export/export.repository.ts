import type { Export, Prisma, PrismaClient } from '../../database/generated/client.js'
import { choiceOf, readPrecision, type PrecisionChoice } from '../../domain/precision.js'
import type { ExportFormat } from '../../domain/export-format.js'
import { readHyperparameters } from '../../domain/hyperparameters.js'
import type { ExportFacts } from './export.examples.js'

/** A checkpoint as far as exporting goes. */
export interface ExportSubject {
  readonly checkpointId: string
  readonly checkpointSha256: string
  readonly trunkSha256: string
  readonly trunkPrecision: PrecisionChoice
  readonly runName: string
  readonly epoch: number
}

export class ExportRepository {
  constructor(private readonly prisma: PrismaClient) {}

  async subject(checkpointId: string): Promise<ExportSubject | null> {
    const row = await this.prisma.checkpoint.findUnique({
      where: { id: checkpointId },
      select: {
        sha256: true,
        epoch: true,
        trainingRun: { select: { name: true, trunkSha256: true, trunkPrecision: true } },
      },
    })
    if (row === null) return null
    const { name, trunkSha256 } = row.trainingRun
    if (trunkSha256 === null) throw new Error(`The run of the checkpoint ${checkpointId} pinned no trunk`)
    const trunkPrecision = choiceOf(readPrecision(row.trainingRun.trunkPrecision) ?? 'fp32')
    return { checkpointId, checkpointSha256: row.sha256, trunkSha256, trunkPrecision, runName: name, epoch: row.epoch }
  }

  /** One that is there until `moment` at least. */
  lasting(checkpointId: string, format: ExportFormat, moment: Date): Promise<Export | null> {
    return this.prisma.export.findFirst({ where: { checkpointId, format, expiresAt: { gt: moment } } })
  }

  create(data: Prisma.ExportUncheckedCreateInput): Promise<Export> {
    return this.prisma.export.create({ data })
  }

  /** What an address leads to; null once its hour is over, or its checkpoint deleted. */
  served(token: string): Promise<Export | null> {
    const where = { token, expiresAt: { gt: new Date() }, checkpointId: { not: null } }
    return this.prisma.export.findFirst({ where })
  }

  /** What the network of a checkpoint tells apart, and how large it sees pictures. */
  async facts(checkpointId: string): Promise<Pick<ExportFacts, 'labels' | 'imageSize'> | null> {
    const row = await this.prisma.checkpoint.findUnique({
      where: { id: checkpointId },
      select: {
        trainingRun: { select: { hyperparameters: true, datasetVersion: { select: { classNames: true } } } },
      },
    })
    if (row === null) return null
    const { hyperparameters, datasetVersion } = row.trainingRun
    return { labels: datasetVersion.classNames, imageSize: readHyperparameters(hyperparameters).imageSize }
  }

  /** Blobs that no address leads to any more. */
  async abandoned(): Promise<string[]> {
    const rows = await this.prisma.$queryRaw<{ sha256: string }[]>`
      SELECT sha256 FROM export GROUP BY sha256 HAVING bool_and(expires_at <= ${new Date()} OR checkpoint_id IS NULL)`
    return rows.map((row) => row.sha256)
  }

  /** The rows of addresses that lead to it no more. */
  async forget(sha256: string): Promise<void> {
    const dead = [{ expiresAt: { lte: new Date() } }, { checkpointId: null }]
    await this.prisma.export.deleteMany({ where: { sha256, OR: dead } })
  }
}
