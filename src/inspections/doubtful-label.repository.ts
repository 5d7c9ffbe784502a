import { Prisma, type Image, type PrismaClient } from '../database/generated/client.js'

export interface DoubtRow {
  readonly position: number
  readonly givenLabel: string
  readonly suggestedLabel: string
  readonly score: number
  readonly image: Image
}

export interface DoubtFilter {
  readonly datasetId: string
  readonly label?: string | undefined
  readonly suggestedLabel?: string | undefined
}

/** Labels that are doubted still: of a picture that got another one, or was removed, nothing is said any more. */
export class DoubtfulLabelRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** By the ids of the pictures. */
  readonly byIds = async (ids: readonly string[]): Promise<(DoubtRow | null)[]> => {
    const rows = await this.#read(Prisma.sql`${DOUBTED} AND d.image_id = ANY (${[...ids]}::uuid[])`)
    const byId = new Map(rows.map((row) => [row.image.id, row]))
    return ids.map((id) => byId.get(id) ?? null)
  }

  list(filter: DoubtFilter, after: number | undefined, limit: number): Promise<DoubtRow[]> {
    return this.#read(
      Prisma.sql`${DOUBTED} ${conditionOf(filter)} AND d.position > ${after ?? -1} ORDER BY d.position LIMIT ${limit}`,
    )
  }

  async count(filter: DoubtFilter): Promise<number> {
    const [row] = await this.prisma.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) AS count FROM ${DOUBTED} ${conditionOf(filter)}`
    return Number(row?.count ?? 0)
  }

  async #read(from: Prisma.Sql): Promise<DoubtRow[]> {
    const found = await this.prisma.$queryRaw<(Omit<DoubtRow, 'image'> & { imageId: string })[]>`
      SELECT d.position, d.image_id AS "imageId", d.given_label AS "givenLabel",
        d.suggested_label AS "suggestedLabel", d.score
      FROM ${from}`
    const images = await this.prisma.image.findMany({ where: { id: { in: found.map((row) => row.imageId) } } })
    const byId = new Map(images.map((image) => [image.id, image]))
    return found.flatMap(({ imageId, ...row }) => {
      const image = byId.get(imageId)
      return image === undefined ? [] : [{ ...row, image }]
    })
  }
}

const DOUBTED = Prisma.sql`
  doubtful_label d JOIN image i ON i.id = d.image_id AND i.removed_at IS NULL AND i.label = d.given_label WHERE true`

function conditionOf({ datasetId, label, suggestedLabel }: DoubtFilter): Prisma.Sql {
  const conditions = [
    Prisma.sql`AND d.dataset_id = ${datasetId}::uuid`,
    ...(label === undefined ? [] : [Prisma.sql`AND d.given_label = ${label}`]),
    ...(suggestedLabel === undefined ? [] : [Prisma.sql`AND d.suggested_label = ${suggestedLabel}`]),
  ]
  return Prisma.join(conditions, ' ')
}
