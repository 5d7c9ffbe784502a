import type { Transaction } from '../database/database.js'
import type { PrismaClient } from '../database/generated/client.js'
import type { RefusalOf } from '../domain/refusals.js'
import { isFinal, type TrainingRunStatus } from '../domain/status.js'
import { notify } from '../events/events.js'

type UsedBy = RefusalOf<'InUse'>['usedBy']

/** `blobs` are the run's own: each names the run within, so that no other run has the same bytes. */
export type Removal = 'missing' | { readonly usedBy: UsedBy } | { readonly blobs: readonly string[] }

/** Deleting cascades over every outcome of the run's evaluations. */
const TIMEOUT_MS = 60_000

interface LockedRun {
  status: TrainingRunStatus
  resumeSha256: string | null
  datasetId: string
}

export class RunRemovalRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Deletes the run and all below it in one transaction, unless something needs it. */
  remove(id: string): Promise<Removal> {
    return this.prisma.$transaction(
      async (tx) => {
        const run = await lock(tx, id)
        if (run === undefined) return 'missing'
        const usedBy = await usersOf(tx, id, run.status)
        if (usedBy.length > 0) return { usedBy }
        const checkpoints = await tx.checkpoint.findMany({ where: { trainingRunId: id }, select: { sha256: true } })
        const blobs = new Set(checkpoints.map((checkpoint) => checkpoint.sha256))
        if (run.resumeSha256 !== null) blobs.add(run.resumeSha256)
        await tx.trainingRun.delete({ where: { id } })
        await notify(tx, { topic: 'run', id })
        await notify(tx, { topic: 'runs', id: run.datasetId })
        return { blobs: [...blobs] }
      },
      { timeout: TIMEOUT_MS, maxWait: 10_000 },
    )
  }
}

/** New aliases and runs take a key-share lock on a checkpoint: after this they wait, and then find it gone. */
async function lock(tx: Transaction, id: string): Promise<LockedRun | undefined> {
  const [run] = await tx.$queryRaw<LockedRun[]>`
    SELECT r.status, r.resume_sha256 AS "resumeSha256", v.dataset_id AS "datasetId"
    FROM training_run r JOIN dataset_version v ON v.id = r.dataset_version_id
    WHERE r.id = ${id}::uuid FOR UPDATE OF r`
  await tx.$queryRaw`SELECT 1 FROM checkpoint WHERE training_run_id = ${id}::uuid ORDER BY id FOR UPDATE`
  return run
}

async function usersOf(tx: Transaction, id: string, status: TrainingRunStatus): Promise<UsedBy> {
  const aliases = await tx.alias.findMany({ where: { checkpoint: { trainingRunId: id } }, select: { id: true } })
  const started = await tx.trainingRun.findMany({
    where: { fromCheckpoint: { trainingRunId: id } },
    select: { id: true },
  })
  return [
    ...(isFinal(status) ? [] : [{ type: 'TrainingRun', id }]),
    ...aliases.map((alias) => ({ type: 'Alias', id: alias.id })),
    ...started.map((run) => ({ type: 'TrainingRun', id: run.id })),
  ]
}
