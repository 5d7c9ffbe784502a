/** Who holds a run: claims, renewals, and the ways in which a run leaves its holder before it ends. */
import type { Transaction } from '../database/database.js'
import { Prisma, type PrismaClient, type TrainingRunStatus } from '../database/generated/client.js'
import type { RunFailure } from '../domain/failure.js'
import { notify } from '../events/events.js'
import type { Queue } from '../jobs/queue.js'
import { HELD, isStillOurs, LeaseLostError, type RunClaim } from './run-fence.js'

/** A run that some trainer holds, as it was seen. */
export interface SeenLease {
  readonly runId: string
  readonly lease: number
  readonly renewedAt: Date
}

export type Renewal = 'held' | 'cancelRequested' | 'lost'

/** Runs that were begun go before those that never were. */
const BEGUN_PRIORITY = 10
/** Of which the last one fails the run. */
const MOST_ATTEMPTS = 3

const TRAINER_LOST: RunFailure = {
  code: 'TRAINER_LOST',
  message: 'Three trainers died while they worked on this run.',
  suggestion: {
    text: "Look into the trainers' logs: most likely memory ran out. Give them more, or start the run again with a smaller batchSize.",
    changes: [],
  },
}

/** What becomes of a run that leaves its holder. A cancel that was asked for counts first, and no death then. */
interface Release {
  readonly status: Prisma.Sql
  readonly attempts: Prisma.Sql
}
const CANCELLED_OR = Prisma.sql`CASE WHEN cancel_requested_at IS NOT NULL THEN 'CANCELLED'`
const HAND_OVER: Release = { status: Prisma.sql`${CANCELLED_OR} ELSE 'QUEUED' END`, attempts: Prisma.sql`attempts` }
const DEATH: Release = {
  status: Prisma.sql`${CANCELLED_OR} WHEN attempts < ${MOST_ATTEMPTS} THEN 'QUEUED' ELSE 'FAILED' END`,
  attempts: Prisma.sql`CASE WHEN cancel_requested_at IS NULL THEN least(attempts + 1, ${MOST_ATTEMPTS}) ELSE attempts END`,
}

export class RunLeaseRepository {
  constructor(
    private readonly prisma: PrismaClient,
    private readonly queue: Pick<Queue, 'enqueue'>,
  ) {}

  /**
   * Takes a waiting run.
   * @param also is done in the same transaction if the run is taken
   * @returns null if the run does not wait any more
   */
  claim(runId: string, trainerId: string, also: (tx: Transaction) => Promise<unknown>): Promise<RunClaim | null> {
    return this.prisma.$transaction(async (tx) => {
      const [taken] = await tx.$queryRaw<{ lease: number; version: string; dataset: string }[]>`
        UPDATE training_run r SET lease = lease + 1, trainer_id = ${trainerId}::uuid, renewed_at = now(),
          status = 'PREPARING', started_at = coalesce(started_at, now())
        FROM dataset_version v
        WHERE r.id = ${runId}::uuid AND r.trainer_id IS NULL AND r.status = 'QUEUED' AND v.id = r.dataset_version_id
        RETURNING r.lease, v.id AS version, v.dataset_id AS dataset`
      if (taken === undefined) return null
      await also(tx)
      await ringStatus(tx, runId, taken.dataset)
      return { runId, trainerId, lease: taken.lease, datasetVersionId: taken.version, datasetId: taken.dataset }
    })
  }

  async renew(claim: RunClaim): Promise<Renewal> {
    const [row] = await this.prisma.$queryRaw<{ cancelled: boolean }[]>`
      UPDATE training_run SET renewed_at = now() WHERE ${isStillOurs(claim)}
      RETURNING cancel_requested_at IS NOT NULL AS cancelled`
    if (row === undefined) return 'lost'
    return row.cancelled ? 'cancelRequested' : 'held'
  }

  /** Gives the run to the next trainer: an ordered stop, no death. @throws LeaseLostError */
  async handOver(claim: RunClaim): Promise<void> {
    if (!(await this.release(isStillOurs(claim), HAND_OVER))) throw new LeaseLostError(claim.runId)
  }

  /** The holder's own compute child died. @throws LeaseLostError */
  async recordDeath(claim: RunClaim): Promise<void> {
    if (!(await this.release(isStillOurs(claim), DEATH))) throw new LeaseLostError(claim.runId)
  }

  /** Every held run that is not among `ours`. */
  heldByOthers(ours: readonly Pick<RunClaim, 'runId' | 'lease'>[]): Promise<SeenLease[]> {
    const own = ours.map(({ runId, lease }) => `${runId} ${String(lease)}`)
    return this.prisma.$queryRaw<SeenLease[]>`
      SELECT id AS "runId", lease, renewed_at AS "renewedAt" FROM training_run
      WHERE ${HELD} AND NOT (id::text || ' ' || lease::text) = ANY (${own}::text[])`
  }

  /** Takes the run from a holder that has not renewed it since it was seen; false if it has, or somebody was quicker. */
  takeFromDead({ runId, lease, renewedAt }: SeenLease): Promise<boolean> {
    return this.release(
      Prisma.sql`id = ${runId}::uuid AND lease = ${lease} AND renewed_at = ${renewedAt} AND ${HELD}`,
      DEATH,
    )
  }

  /** Nobody holds the run then, and the lease goes on, so that no late write passes. */
  private release(which: Prisma.Sql, { status, attempts }: Release): Promise<boolean> {
    return this.prisma.$transaction(async (tx) => {
      const [run] = await tx.$queryRaw<{ id: string; status: TrainingRunStatus; dataset: string }[]>`
        UPDATE training_run SET lease = lease + 1, trainer_id = NULL, renewed_at = NULL, attempts = ${attempts},
          status = (${status})::"TrainingRunStatus",
          failure = CASE WHEN ${status} = 'FAILED' THEN ${JSON.stringify(TRAINER_LOST)}::jsonb END,
          finished_at = CASE WHEN ${status} <> 'QUEUED' THEN now() END
        WHERE ${which}
        RETURNING id, status, (SELECT dataset_id FROM dataset_version v WHERE v.id = dataset_version_id) AS dataset`
      if (run === undefined) return false
      if (run.status === 'QUEUED') {
        await this.queue.enqueue(tx, { queue: 'run', payload: { trainingRunId: run.id }, priority: BEGUN_PRIORITY })
      }
      await ringStatus(tx, run.id, run.dataset)
      return true
    })
  }
}

async function ringStatus(tx: Transaction, runId: string, datasetId: string): Promise<void> {
  await notify(tx, { topic: 'run', id: runId })
  await notify(tx, { topic: 'runs', id: datasetId })
}
