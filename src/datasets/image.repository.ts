import type { Image, PrismaClient } from '../database/generated/client.js'
import { inOrderOf } from '../database/in-order-of.js'
import { newestFirst, olderThan, type CreationKey } from '../graphql/paginate.js'
import { insertImages, type NewImage } from './image-insertion.js'

export class ImageRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Removed ones too: versions still show them. */
  readonly byIds = async (ids: readonly string[]): Promise<(Image | null)[]> => {
    return inOrderOf(ids, await this.prisma.image.findMany({ where: { id: { in: [...ids] } } }))
  }

  find(id: string): Promise<Image | null> {
    return this.prisma.image.findUnique({ where: { id } })
  }

  async fileNameOf(datasetId: string, sha256: string): Promise<string | null> {
    const image = await this.prisma.image.findUnique({
      where: { datasetId_sha256: { datasetId, sha256 } },
      select: { fileName: true },
    })
    return image?.fileName ?? null
  }

  list(
    where: { datasetId: string; label?: string | undefined },
    after: CreationKey | undefined,
    limit: number,
  ): Promise<Image[]> {
    return this.prisma.image.findMany({
      where: { ...conditionOf(where), ...olderThan(after) },
      orderBy: newestFirst,
      take: limit,
    })
  }

  count(where: { datasetId: string; label?: string | undefined }): Promise<number> {
    return this.prisma.image.count({ where: conditionOf(where) })
  }

  /** The row, new or there already; null where the dataset is gone. The same bytes are in a dataset once. */
  async addOrFind(image: NewImage): Promise<{ row: Image; isNew: boolean } | null> {
    return this.prisma.$transaction(async (tx) => {
      const [dataset] = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM dataset WHERE id = ${image.datasetId}::uuid FOR KEY SHARE`
      if (dataset === undefined) return null
      const inserted = await insertImages(tx, [image])
      const { datasetId, sha256 } = image
      const row = await tx.image.findUniqueOrThrow({ where: { datasetId_sha256: { datasetId, sha256 } } })
      return { row, isNew: inserted.length > 0 }
    })
  }
}

function conditionOf({ datasetId, label }: { datasetId: string; label?: string | undefined }) {
  return { datasetId, removedAt: null, ...(label === undefined ? {} : { label }) }
}
