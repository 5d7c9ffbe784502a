/** What an evaluation's worker writes down for it: each write passes the fence or throws and changes nothing. */
import type { EvaluationResult, EvaluationTask } from '../compute/messages.js'
import type { Prisma, PrismaClient } from '../database/generated/client.js'
import type { Transaction } from '../database/database.js'
import { ClaimLostError } from '../domain/claim-lost.js'
import { notify } from '../events/events.js'
import { pinnedTrunk } from '../runs/pinned-trunk.js'
import { insertOutcomes, OUTCOMES_TIMEOUT_MS } from './outcome-rows.js'

export interface EvaluationClaim {
  readonly evaluationId: string
  /** The row's lease when it was claimed: a later claim makes it void. */
  readonly lease: number
  readonly versionId: string
  readonly datasetId: string
}

export interface ClaimedEvaluation {
  readonly claim: EvaluationClaim
  readonly task: EvaluationTask
}

export class EvaluationWorkRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Makes the evaluation the caller's; null where it has ended or is gone. */
  claim(id: string): Promise<ClaimedEvaluation | null> {
    return this.prisma.$transaction(async (tx) => {
      const { count } = await tx.evaluation.updateMany({
        where: { id, state: { in: ['QUEUED', 'RUNNING'] } },
        data: { state: 'RUNNING', lease: { increment: 1 } },
      })
      if (count === 0) return null
      await notify(tx, { topic: 'evaluation', id })
      const row = await tx.evaluation.findUniqueOrThrow({
        where: { id },
        include: {
          datasetVersion: { select: { digest: true, datasetId: true } },
          checkpoint: {
            select: { sha256: true, trainingRun: { select: { trunkSha256: true, trunkPrecision: true } } },
          },
        },
      })
      const { checkpoint, datasetVersion, datasetVersionId: versionId, split, lease } = row
      return {
        claim: { evaluationId: id, lease, versionId, datasetId: datasetVersion.datasetId },
        task: {
          evaluationId: id,
          manifestSha256: datasetVersion.digest,
          split,
          checkpointSha256: checkpoint.sha256,
          ...pinnedTrunk(checkpoint.trainingRun),
        },
      }
    })
  }

  /** Figures and outcomes together, or not at all. */
  succeed(claim: EvaluationClaim, result: EvaluationResult): Promise<void> {
    const { evaluationId, versionId } = claim
    const confusionMatrix = result.confusionMatrix.map((row) => [...row])
    return this.prisma.$transaction(
      async (tx) => {
        await end(tx, claim, { state: 'SUCCEEDED', loss: result.loss, confusionMatrix })
        await insertOutcomes(tx, { evaluationId, versionId, result })
      },
      { timeout: OUTCOMES_TIMEOUT_MS },
    )
  }

  fail(claim: EvaluationClaim, error: string): Promise<void> {
    return this.prisma.$transaction((tx) => end(tx, claim, { state: 'FAILED', error }))
  }
}

async function end(
  tx: Transaction,
  { evaluationId: id, lease }: EvaluationClaim,
  data: Prisma.EvaluationUpdateManyMutationInput,
): Promise<void> {
  const { count } = await tx.evaluation.updateMany({
    where: { id, lease, state: 'RUNNING' },
    data: { ...data, finishedAt: new Date() },
  })
  if (count === 0) throw new ClaimLostError(`evaluation ${id}`)
  await notify(tx, { topic: 'evaluation', id })
}
