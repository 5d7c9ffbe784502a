/** What an evaluation needs to be asked for, and the asking itself: row and job, or neither. */
import type { Evaluation, PrismaClient } from '../database/generated/client.js'
import type { SplitName } from '../domain/status.js'
import type { Queue } from '../jobs/queue.js'

export interface EvaluationRequest {
  readonly checkpointId: string
  readonly datasetVersionId: string
  readonly split: SplitName
}

export interface EvaluableCheckpoint {
  readonly classNames: readonly string[]
  readonly trunkSha256: string
}

export class EvaluationRequestRepository {
  constructor(
    private readonly prisma: PrismaClient,
    private readonly queue: Queue,
  ) {}

  async checkpoint(id: string): Promise<EvaluableCheckpoint | null> {
    const row = await this.prisma.checkpoint.findUnique({
      where: { id },
      select: { trainingRun: { select: { trunkSha256: true, datasetVersion: { select: { classNames: true } } } } },
    })
    if (row === null) return null
    const { trunkSha256, datasetVersion } = row.trainingRun
    if (trunkSha256 === null) throw new Error(`The run of the checkpoint ${id} pinned no trunk`)
    return { trunkSha256, classNames: datasetVersion.classNames }
  }

  async hasPictures(versionId: string, split: SplitName): Promise<boolean> {
    const picture = await this.prisma.datasetVersionImage.findFirst({
      where: { versionId, split },
      select: { position: true },
    })
    return picture !== null
  }

  /** Or which of the two was deleted meanwhile. */
  create(request: EvaluationRequest): Promise<Evaluation | 'checkpoint gone' | 'version gone'> {
    return this.prisma.$transaction(async (tx) => {
      const [checkpoint] = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM checkpoint WHERE id = ${request.checkpointId}::uuid FOR KEY SHARE`
      if (checkpoint === undefined) return 'checkpoint gone'
      const [version] = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM dataset_version WHERE id = ${request.datasetVersionId}::uuid FOR KEY SHARE`
      if (version === undefined) return 'version gone'
      const row = await tx.evaluation.create({ data: { ...request } })
      await this.queue.enqueue(tx, { queue: 'evaluation', payload: { evaluationId: row.id } })
      return row
    })
  }
}
