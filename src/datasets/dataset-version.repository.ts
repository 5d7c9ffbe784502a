import type { DatasetVersion, Prisma, PrismaClient } from '../database/generated/client.js'
import { inOrderOf } from '../database/in-order-of.js'
import type { Transaction } from '../database/database.js'
import { isRefusal, type RefusalOf } from '../domain/refusals.js'
import type { SplitName } from '../domain/status.js'
import { newestFirst, olderThan, type CreationKey } from '../graphql/paginate.js'
import { fingerprintOf } from './fingerprint.js'
import { CHANGE_TIMEOUTS, lockDatasets } from './dataset.lock.js'

/** A picture as the split sees it. */
export interface Picture {
  readonly id: string
  readonly sha256: string
  readonly label: string
  readonly folder: SplitName | null
  /** As `signHash` gives it; null for one that came before there were any. */
  readonly perceptualHash: bigint | null
}

/** What else of the dataset a choice may depend on. */
export interface Moment {
  /** Ids of pictures that show the same, as its health found; null where that looked at other pictures or labels. */
  duplicates(): Promise<string[][] | null>
}

/** A line of the manifest, in its order. */
export interface FrozenImage {
  readonly imageId: string
  readonly classIndex: number
  readonly split: SplitName
}

export interface NewVersion {
  readonly digest: string
  readonly classNames: string[]
  readonly counts: Prisma.InputJsonObject
  readonly seed: number
  readonly images: readonly FrozenImage[]
}

export type VersionRefusal = RefusalOf<'InvalidInput' | 'NotFound' | 'DatasetTooSmall'>

export interface VersionImageFilter {
  readonly versionId: string
  readonly split?: SplitName | undefined
  readonly classIndex?: number | undefined
}

const ROWS_AT_ONCE = 10_000

export class DatasetVersionRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(DatasetVersion | null)[]> => {
    return inOrderOf(ids, await this.prisma.datasetVersion.findMany({ where: { id: { in: [...ids] } } }))
  }

  list(datasetId: string, after: CreationKey | undefined, limit: number): Promise<DatasetVersion[]> {
    const where = { datasetId, ...olderThan(after) }
    return this.prisma.datasetVersion.findMany({ where, orderBy: newestFirst, take: limit })
  }

  count(datasetId: string): Promise<number> {
    return this.prisma.datasetVersion.count({ where: { datasetId } })
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

  /**
   * Freezes pictures of one moment: nobody relabels or removes any while `choose` chooses. Numbers the version and writes
   * all of it, or nothing.
   * @param reuseSame gives the newest version instead of another of the same digest
   * @returns null where there is no such dataset, and whatever else `choose` gives instead of a version
   */
  create(
    datasetId: string,
    choose: (pictures: Picture[], moment: Moment) => Promise<NewVersion | VersionRefusal>,
    { reuseSame }: { readonly reuseSame: boolean },
  ): Promise<DatasetVersion | VersionRefusal | null> {
    return this.prisma.$transaction(async (tx) => {
      if ((await lockDatasets(tx, [datasetId])).length === 0) return null
      const moment = { duplicates: () => knownDuplicates(tx, datasetId) }
      const chosen = await choose(await livePictures(tx, datasetId), moment)
      if (isRefusal(chosen)) return chosen
      const { images, ...version } = chosen
      const last = await tx.datasetVersion.findFirst({ where: { datasetId }, orderBy: { number: 'desc' } })
      if (reuseSame && last?.digest === version.digest) return last
      const row = await tx.datasetVersion.create({ data: { ...version, datasetId, number: (last?.number ?? 0) + 1 } })
      for (let at = 0; at < images.length; at += ROWS_AT_ONCE) {
        await insertFrozen(tx, row.id, { at, images: images.slice(at, at + ROWS_AT_ONCE) })
      }
      return row
    }, CHANGE_TIMEOUTS)
  }
}

function livePictures(tx: Transaction, datasetId: string): Promise<Picture[]> {
  return tx.image.findMany({
    where: { datasetId, removedAt: null },
    select: { id: true, sha256: true, label: true, folder: true, perceptualHash: true },
  })
}

async function knownDuplicates(tx: Transaction, datasetId: string): Promise<string[][] | null> {
  const health = await tx.datasetHealth.findUnique({
    where: { datasetId },
    include: { groups: { include: { members: { select: { imageId: true } } } } },
  })
  if (health?.fingerprint !== (await fingerprintOf(tx, datasetId))) return null
  return health.groups.map((group) => group.members.map((member) => member.imageId))
}

/** As arrays: one statement, whatever the number of rows. */
async function insertFrozen(
  tx: Transaction,
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
