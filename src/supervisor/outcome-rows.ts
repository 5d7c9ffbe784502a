import type { EvaluationResult } from '../compute/messages.js'
import type { Transaction } from '../database/database.js'

const OUTCOMES_AT_A_TIME = 1000
/** A great many outcomes take a while; nobody waits for their transaction before its end, where the fence is. */
export const OUTCOMES_TIMEOUT_MS = 300_000

export interface NewOutcomes {
  readonly evaluationId: string
  /** The version whose pictures the result is about. */
  readonly versionId: string
  readonly result: EvaluationResult
}

export async function insertOutcomes(tx: Transaction, { evaluationId, versionId, result }: NewOutcomes): Promise<void> {
  const pictures = await tx.datasetVersionImage.findMany({
    where: { versionId, split: result.split },
    select: { position: true, imageId: true },
  })
  const imageIds = new Map(pictures.map(({ position, imageId }) => [position, imageId]))
  for (let at = 0; at < result.outcomes.length; at += OUTCOMES_AT_A_TIME) {
    const data = result.outcomes.slice(at, at + OUTCOMES_AT_A_TIME).map((outcome) => ({
      ...outcome,
      evaluationId,
      imageId: imageIds.get(outcome.position) as string,
      probabilities: [...outcome.probabilities],
    }))
    await tx.outcome.createMany({ data })
  }
}
