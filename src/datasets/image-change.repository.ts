/** Changes of pictures that are there. Each locks the dataset, then its pictures in one order. */
import type { Dataset, Image, PrismaClient } from '../database/generated/client.js'
import type { Transaction } from '../database/database.js'
import { CHANGE_TIMEOUTS, lockDatasets } from './dataset.lock.js'

export interface Renaming {
  readonly datasetId: string
  readonly label: string
  readonly newLabel: string
  readonly merge: boolean
}

export type Renamed = { readonly dataset: Dataset; readonly imageCount: number } | 'missing' | 'no class' | 'name taken'

/** Told of every dataset whose pictures or labels change, in the transaction that changes them. */
export type ChangeListener = (tx: Transaction, datasetId: string) => Promise<void>

export class ImageChangeRepository {
  constructor(
    private readonly prisma: PrismaClient,
    private readonly onChange: ChangeListener = () => Promise.resolve(),
  ) {}

  /** All of them, in the order of the ids, or the first id that no dataset shows. */
  relabel(ids: readonly string[], label: string): Promise<Image[] | { missing: string }> {
    return this.prisma.$transaction(async (tx) => {
      const { found, datasetIds } = await lockImages(tx, ids)
      const missing = ids.find((id) => found.get(id)?.removedAt !== null)
      if (missing !== undefined) return { missing }
      const rows = await tx.image.updateManyAndReturn({ where: { id: { in: [...ids] } }, data: { label } })
      for (const datasetId of datasetIds) await this.onChange(tx, datasetId)
      const byId = new Map(rows.map((row) => [row.id, row]))
      return ids.flatMap((id) => byId.get(id) ?? [])
    }, CHANGE_TIMEOUTS)
  }

  /** Null once all are removed, or the first id that is no picture's. */
  remove(ids: readonly string[]): Promise<{ missing: string } | null> {
    return this.prisma.$transaction(async (tx) => {
      const { found, datasetIds } = await lockImages(tx, ids)
      const missing = ids.find((id) => !found.has(id))
      if (missing !== undefined) return { missing }
      await tx.$executeRaw`
        UPDATE image SET removed_at = now() WHERE id = ANY (${[...ids]}::uuid[]) AND removed_at IS NULL`
      for (const datasetId of datasetIds) await this.onChange(tx, datasetId)
      return null
    }, CHANGE_TIMEOUTS)
  }

  rename({ datasetId, label, newLabel, merge }: Renaming): Promise<Renamed> {
    return this.prisma.$transaction(async (tx) => {
      if ((await lockDatasets(tx, [datasetId])).length === 0) return 'missing'
      const ofClass = (name: string) => ({ datasetId, label: name, removedAt: null })
      const pictures = await tx.image.findMany({ where: ofClass(label), select: { id: true } })
      if (pictures.length === 0) return 'no class'
      const isTaken = newLabel !== label && (await tx.image.findFirst({ where: ofClass(newLabel) })) !== null
      if (isTaken && !merge) return 'name taken'
      const imageCount = await relabelAll(tx, ofClass(label), newLabel)
      await this.onChange(tx, datasetId)
      return { dataset: await tx.dataset.findUniqueOrThrow({ where: { id: datasetId } }), imageCount }
    }, CHANGE_TIMEOUTS)
  }
}

async function relabelAll(
  tx: Transaction,
  { datasetId, label }: { datasetId: string; label: string },
  newLabel: string,
): Promise<number> {
  await tx.$queryRaw`
    SELECT 1 FROM image WHERE dataset_id = ${datasetId}::uuid AND label = ${label} AND removed_at IS NULL
    ORDER BY sha256 FOR NO KEY UPDATE`
  const { count } = await tx.image.updateMany({
    where: { datasetId, label, removedAt: null },
    data: { label: newLabel },
  })
  return count
}

interface LockedImages {
  readonly found: ReadonlyMap<string, { removedAt: Date | null }>
  readonly datasetIds: readonly string[]
}

/** What there is of them, their datasets locked first. */
async function lockImages(tx: Transaction, ids: readonly string[]): Promise<LockedImages> {
  const pictures = await tx.image.findMany({ where: { id: { in: [...ids] } }, select: { datasetId: true } })
  const datasetIds = await lockDatasets(tx, [...new Set(pictures.map((picture) => picture.datasetId))])
  const rows = await tx.$queryRaw<{ id: string; removedAt: Date | null }[]>`
    SELECT id, removed_at AS "removedAt" FROM image WHERE id = ANY (${[...ids]}::uuid[])
    ORDER BY sha256 FOR NO KEY UPDATE`
  return { found: new Map(rows.map((row) => [row.id, row])), datasetIds }
}
