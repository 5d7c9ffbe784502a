import type { DatasetVersion, Prisma, PrismaClient } from '../database/generated/client.js'
import type { SplitName } from '../domain/status.js'
import { newestFirst, olderThan, type CreationKey } from '../graphql/paginate.js'

/** A picture as the split sees it. */
export interface Picture {
  readonly id: string
  readonly sha256: string
  readonly label: string
  readonly folder: SplitName | null
}

/** A line of the manifest, in its order. */
export interface FrozenImage {
  readonly imageId: string
  readonly classIndex: number
  readonly split: SplitName
}

export interface NewVersion {
  readonly datasetId: string
  readonly digest: string
  readonly classNames: string[]
  readonly counts: Prisma.InputJsonObject
  readonly seed: number
  readonly images: readonly FrozenImage[]
}

export interface VersionImageFilter {
  readonly versionId: string
  readonly split?: SplitName | undefined
  readonly classIndex?: number | undefined
}

const ROWS_AT_ONCE = 10_000
const TIMEOUT_MS = 60_000

export class DatasetVersionRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(DatasetVersion | null)[]> => {
    const rows = await this.prisma.datasetVersion.findMany({ where: { id: { in: [...ids] } } })
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => byId.get(id) ?? null)
  }

  list(datasetId: string, after: CreationKey | undefined, limit: number): Promise<DatasetVersion[]> {
    const where = { datasetId, ...olderThan(after) }
    return this.prisma.datasetVersion.findMany({ where, orderBy: newestFirst, take: limit })
  }

  count(datasetId: string): Promise<number> {
    return this.prisma.datasetVersion.count({ where: { datasetId } })
  }

  pictures(datasetId: string): Promise<Picture[]> {
    return this.prisma.image.findMany({
      where: { datasetId },
      select: { id: true, sha256: true, label: true, folder: true },
    })
  }

  images(filter: VersionImageFilter, after: number | undefined, limit: number) {
    const { versionId, split, classIndex } = filter
    return this.prisma.datasetVersionImage.findMany({
      where: {
        versionId,
        ...(split === undefined ? {} : { split }),
        ...(classIndex === undefined ? {} : { classIndex }),
        ...(after === undefined ? {} : { position: { gt: after } }),
      },
      orderBy: { position: 'asc' },
      take: limit,
      include: { image: true },
    })
  }

  /** Numbers the version and writes all of it, or nothing; null where the dataset is gone. */
  create({ images, ...version }: NewVersion): Promise<DatasetVersion | null> {
    return this.prisma.$transaction(
      async (tx) => {
        // Whoever numbers the dataset's next version waits here; imports, which only refer to the dataset, do not.
        const [dataset] = await tx.$queryRaw<unknown[]>`
          SELECT 1 FROM dataset WHERE id = ${version.datasetId}::uuid FOR NO KEY UPDATE`
        if (dataset === undefined) return null
        const last = await tx.datasetVersion.aggregate({
          where: { datasetId: version.datasetId },
          _max: { number: true },
        })
        const number = (last._max.number ?? 0) + 1
        const row = await tx.datasetVersion.create({ data: { ...version, number } })
        for (let at = 0; at < images.length; at += ROWS_AT_ONCE) {
          await insertFrozen(tx, row.id, { at, images: images.slice(at, at + ROWS_AT_ONCE) })
        }
        return row
      },
      { timeout: TIMEOUT_MS, maxWait: 10_000 },
    )
  }
}

/** As arrays: one statement, whatever the number of rows. */
async function insertFrozen(
  tx: Prisma.TransactionClient,
  versionId: string,
  { at, images }: { at: number; images: readonly FrozenImage[] },
): Promise<void> {
  const positions = images.map((_, i) => at + i)
  const ids = images.map((image) => image.imageId)
  const classes = images.map((image) => image.classIndex)
  const splits = images.map((image) => image.split)
  await tx.$executeRaw`
    INSERT INTO dataset_version_image (version_id, position, image_id, class_index, split)
    SELECT ${versionId}::uuid, frozen.position, frozen.image::uuid, frozen.class, frozen.split::"SplitName"
    FROM unnest(${positions}::int[], ${ids}::text[], ${classes}::int[], ${splits}::text[])
      AS frozen (position, image, class, split)`
}
