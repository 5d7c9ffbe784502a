/** The fence: whoever writes for a run proves, in the same transaction, that the run is still its own. */
import type { Transaction } from '../database/database.js'
import { Prisma } from '../database/generated/client.js'
import { ClaimLostError } from '../domain/claim-lost.js'
import { notify } from '../events/events.js'

/** A run as its holder knows it. */
export interface RunClaim {
  readonly runId: string
  /** The row's lease when it was claimed. */
  readonly lease: number
  readonly trainerId: string
  readonly datasetId: string
  readonly datasetVersionId: string
}

export const HELD = Prisma.sql`status IN ('PREPARING', 'RUNNING', 'EVALUATING')`

/** For `UPDATE training_run … WHERE`. */
export function isStillOurs({ runId, lease, trainerId }: RunClaim): Prisma.Sql {
  return Prisma.sql`id = ${runId}::uuid AND lease = ${lease} AND trainer_id = ${trainerId}::uuid AND ${HELD}`
}

/**
 * Updates the run's row and rings its bell.
 * @throws ClaimLostError, which must roll the transaction back
 */
export async function writeFenced(tx: Transaction, claim: RunClaim, set: Prisma.Sql): Promise<void> {
  const changed = await tx.$executeRaw`UPDATE training_run SET ${set} WHERE ${isStillOurs(claim)}`
  if (changed === 0) throw new ClaimLostError(`run ${claim.runId}`)
  await notify(tx, { topic: 'run', id: claim.runId })
}

/** As `writeFenced`, where the run's status changes. */
export async function writeStatusFenced(tx: Transaction, claim: RunClaim, set: Prisma.Sql): Promise<void> {
  await writeFenced(tx, claim, set)
  await notify(tx, { topic: 'runs', id: claim.datasetId })
}
