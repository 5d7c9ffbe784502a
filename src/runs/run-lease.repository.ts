/** Who holds a run: claims, renewals, and the ways in which a run leaves its holder before it ends. */
import type { Transaction } from '../database/database.js'
import { Prisma, type PrismaClient, type TrainingRunStatus } from '../database/generated/client.js'
import { MOST_ATTEMPTS } from '../domain/attempts.js'
import { ClaimLostError } from '../domain/claim-lost.js'
import type { RunFailure } from '../domain/failure.js'
import type { Backend } from '../engine/engine.type.js'
import { notify } from '../events/events.js'
import { HELD, isStillOurs, type RunClaim } from './run-fence.js'

/** What some trainer holds, as it was seen. */
export interface SeenLease {
  readonly id: string
  readonly lease: number
  readonly trainerId: string
  readonly renewedAt: Date
}

export interface RunSeeker {
  readonly trainerId: string
  /** A run that is pinned to another backend waits for a trainer that has it. */
  readonly backends: readonly Backend[]
}

export type Renewal = 'held' | 'cancelRequested' | 'lost'

/** One claim at a time looks which run is next: any number of ours, the same for everybody. */
const CLAIM_LOCK = 5_747_201

const TRAINER_LOST: RunFailure = {
  code: 'TRAINER_LOST',
  message: 'Three trainers died while they worked on this run.',
  suggestion: {
    text: "Look into the trainers' logs: most likely memory ran out. Give them more, or start the run again with a smaller batchSize.",
    changes: [],
  },
}

const WAITING = Prisma.sql`status = 'QUEUED' AND trainer_id IS NULL`

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
  constructor(private readonly prisma: PrismaClient) {}

  /** Takes the waiting run that was created first, of those that the seeker can compute; null where none waits. */
  claimNext({ trainerId, backends }: RunSeeker): Promise<RunClaim | null> {
    return this.prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${CLAIM_LOCK})`
      const [taken] = await tx.$queryRaw<Omit<RunClaim, 'trainerId'>[]>`
        UPDATE training_run r SET lease = lease + 1, trainer_id = ${trainerId}::uuid, renewed_at = now(),
          status = 'PREPARING', started_at = coalesce(started_at, now())
        FROM dataset_version v
        WHERE v.id = r.dataset_version_id AND ${WAITING} AND r.id = (
          SELECT id FROM training_run
          WHERE ${WAITING} AND (engine IS NULL OR engine ->> 'backend' = ANY (${[...backends]}::text[]))
          ORDER BY created_at, id LIMIT 1)
        RETURNING r.id AS "runId", r.lease, v.id AS "datasetVersionId", v.dataset_id AS "datasetId"`
      if (taken === undefined) return null
      await ringStatus(tx, taken.runId, taken.datasetId)
      return { ...taken, trainerId }
    })
  }

  async renew(claim: RunClaim): Promise<Renewal> {
    const [row] = await this.prisma.$queryRaw<{ cancelled: boolean }[]>`
      UPDATE training_run SET renewed_at = now() WHERE ${isStillOurs(claim)}
      RETURNING cancel_requested_at IS NOT NULL AS cancelled`
    if (row === undefined) return 'lost'
    return row.cancelled ? 'cancelRequested' : 'held'
  }

  /** Gives the run to the next trainer: an ordered stop, no death. @throws ClaimLostError */
  async handOver(claim: RunClaim): Promise<void> {
    if (!(await this.release(isStillOurs(claim), HAND_OVER))) throw new ClaimLostError(`run ${claim.runId}`)
  }

  /** The holder's own compute child died. @throws ClaimLostError */
  async recordDeath(claim: RunClaim): Promise<void> {
    if (!(await this.release(isStillOurs(claim), DEATH))) throw new ClaimLostError(`run ${claim.runId}`)
  }

  /** Every run that a trainer holds. */
  held(): Promise<SeenLease[]> {
    return this.prisma.$queryRaw<SeenLease[]>`
      SELECT id, lease, trainer_id AS "trainerId", renewed_at AS "renewedAt" FROM training_run WHERE ${HELD}`
  }

  /** Takes the run from a holder that has not renewed it since it was seen; false if it has, or somebody was quicker. */
  takeFromDead(seen: SeenLease): Promise<boolean> {
    return this.release(asItWasSeen(seen), DEATH)
  }

  /** Puts back a run whose claim succeeded without our hearing of it; false if somebody was quicker. */
  putBack(seen: SeenLease): Promise<boolean> {
    return this.release(asItWasSeen(seen), HAND_OVER)
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
      await ringStatus(tx, run.id, run.dataset)
      return true
    })
  }
}

function asItWasSeen({ id, lease, renewedAt }: SeenLease): Prisma.Sql {
  return Prisma.sql`id = ${id}::uuid AND lease = ${lease} AND renewed_at = ${renewedAt} AND ${HELD}`
}

async function ringStatus(tx: Transaction, runId: string, datasetId: string): Promise<void> {
  await notify(tx, { topic: 'run', id: runId })
  await notify(tx, { topic: 'runs', id: datasetId })
}
