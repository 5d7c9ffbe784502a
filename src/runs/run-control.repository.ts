import type { Transaction } from '../database/database.js'
import type { PrismaClient, TrainingRun } from '../database/generated/client.js'
import { isFinal } from '../domain/status.js'
import { notify } from '../events/events.js'

/** The run as it stands afterwards, and whether what was asked could be done; null where there is no run. */
export type Controlled = { readonly run: TrainingRun; readonly done: boolean } | null

/** What people do to a run. Each locks the row first, so that no trainer's write comes between look and change. */
export class RunControlRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** At once where no trainer holds the run; else a request that its trainer hears of. */
  cancel(id: string): Promise<Controlled> {
    return this.#control(id, async (tx, run) => {
      if (isFinal(run.status)) return false
      await (run.trainerId === null ? cancelUnheld(tx, id) : requestCancel(tx, id))
      return true
    })
  }

  /** Waits again after FAILED or CANCELLED, at its old place; epochs, checkpoints and attempts stay. */
  resume(id: string): Promise<Controlled> {
    return this.#control(id, async (tx, run) => {
      if (run.status !== 'FAILED' && run.status !== 'CANCELLED') return false
      await tx.$executeRaw`
        UPDATE training_run
        SET status = 'QUEUED', failure = NULL, finished_at = NULL, cancel_requested_at = NULL, progress = NULL,
          trainer_id = NULL, renewed_at = NULL
        WHERE id = ${id}::uuid`
      return true
    })
  }

  #control(id: string, change: (tx: Transaction, run: TrainingRun) => Promise<boolean>): Promise<Controlled> {
    return this.prisma.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM training_run WHERE id = ${id}::uuid FOR UPDATE`
      const before = await tx.trainingRun.findUnique({
        where: { id },
        include: { datasetVersion: { select: { datasetId: true } } },
      })
      if (before === null) return null
      const { datasetVersion, ...run } = before
      if (!(await change(tx, run))) return { run, done: false }
      await notify(tx, { topic: 'run', id })
      await notify(tx, { topic: 'runs', id: datasetVersion.datasetId })
      return { run: await tx.trainingRun.findUniqueOrThrow({ where: { id } }), done: true }
    })
  }
}

/** A claim that is on its way finds another lease, and gives up. */
async function cancelUnheld(tx: Transaction, id: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE training_run SET status = 'CANCELLED', finished_at = now(), lease = lease + 1 WHERE id = ${id}::uuid`
}

async function requestCancel(tx: Transaction, id: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE training_run SET cancel_requested_at = coalesce(cancel_requested_at, now()) WHERE id = ${id}::uuid`
  await notify(tx, { topic: 'cancel', id })
}
