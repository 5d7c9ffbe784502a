import { type Prisma, type PrismaClient } from '../database/generated/client.js'
import type { RefusalOf } from '../domain/refusals.js'
import { FINAL_STATUSES } from '../domain/status.js'

type UsedBy = RefusalOf<'InUse'>['usedBy']

/** Deleting cascades over every picture and outcome of the dataset. */
const TIMEOUT_MS = 120_000

export class DatasetRemovalRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Deletes the dataset and all below it in one transaction, unless something needs it. */
  remove(id: string): Promise<'removed' | 'missing' | { usedBy: UsedBy }> {
    return this.prisma.$transaction(
      async (tx) => {
        const [found] = await tx.$queryRaw<unknown[]>`SELECT 1 FROM dataset WHERE id = ${id}::uuid FOR UPDATE`
        if (found === undefined) return 'missing'
        await lockWhatIsReferred(tx, id)
        const usedBy = await usersOf(tx, id)
        if (usedBy.length > 0) return { usedBy }
        await tx.trainingRun.updateMany({
          where: { datasetVersion: { datasetId: id } },
          data: { fromCheckpointId: null },
        })
        await tx.dataset.delete({ where: { id } })
        return 'removed'
      },
      { timeout: TIMEOUT_MS, maxWait: 10_000 },
    )
  }
}

/** New runs and aliases take a key-share lock on what they refer to: after this they wait, and then find it gone. */
async function lockWhatIsReferred(tx: Prisma.TransactionClient, id: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM dataset_version WHERE dataset_id = ${id}::uuid ORDER BY id FOR UPDATE`
  await tx.$queryRaw`
    SELECT 1 FROM checkpoint WHERE training_run_id IN (
      SELECT r.id FROM training_run r JOIN dataset_version v ON v.id = r.dataset_version_id WHERE v.dataset_id = ${id}::uuid
    ) ORDER BY id FOR UPDATE`
}

async function usersOf(tx: Prisma.TransactionClient, id: string): Promise<UsedBy> {
  const mine = { datasetVersion: { datasetId: id } }
  const unfinished = await tx.trainingRun.findMany({
    where: { ...mine, status: { notIn: [...FINAL_STATUSES] } },
    select: { id: true },
  })
  const aliases = await tx.alias.findMany({ where: { checkpoint: { trainingRun: mine } }, select: { id: true } })
  const started = await tx.trainingRun.findMany({
    where: { fromCheckpoint: { trainingRun: mine }, datasetVersion: { datasetId: { not: id } } },
    select: { id: true },
  })
  return [
    ...unfinished.map((run) => ({ type: 'TrainingRun', id: run.id })),
    ...aliases.map((alias) => ({ type: 'Alias', id: alias.id })),
    ...started.map((run) => ({ type: 'TrainingRun', id: run.id })),
  ]
}
