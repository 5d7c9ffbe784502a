import { Prisma, type Prediction, type PrismaClient } from '../database/generated/client.js'
import { newestFirst, olderThan, type CreationKey } from '../graphql/paginate.js'

/** A filter with local ids; what is left out does not narrow. */
export interface LocalFilter {
  readonly checkpointId?: string
  readonly alias?: string
  readonly label?: string
  readonly maxConfidence?: number
  readonly hasCorrectLabel?: boolean
}

export type NewPrediction = Omit<Prisma.PredictionUncheckedCreateInput, 'id' | 'createdAt' | 'correctLabel'>

export class PredictionRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(Prediction | null)[]> => {
    const rows = await this.prisma.prediction.findMany({ where: { id: { in: [...ids] } } })
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => byId.get(id) ?? null)
  }

  find(id: string): Promise<Prediction | null> {
    return this.prisma.prediction.findUnique({ where: { id } })
  }

  list(filter: LocalFilter, after: CreationKey | undefined, limit: number): Promise<Prediction[]> {
    const where = { AND: [conditionOf(filter), olderThan(after)] }
    return this.prisma.prediction.findMany({ where, orderBy: newestFirst, take: limit })
  }

  count(filter: LocalFilter): Promise<number> {
    return this.prisma.prediction.count({ where: conditionOf(filter) })
  }

  /** What was deleted while the picture was classified is left out: a prediction outlives its checkpoint and picture. */
  async create(prediction: NewPrediction): Promise<Prediction> {
    return this.prisma.$transaction(async (tx) => {
      const { checkpointId, imageId } = prediction
      const checkpoint = checkpointId && (await lockRow(tx, Prisma.sql`checkpoint`, checkpointId))
      const image = imageId && (await lockRow(tx, Prisma.sql`image`, imageId))
      return tx.prediction.create({ data: { ...prediction, checkpointId: checkpoint ?? null, imageId: image ?? null } })
    })
  }

  async setCorrectLabel(id: string, correctLabel: string): Promise<Prediction | null> {
    const [row] = await this.prisma.prediction.updateManyAndReturn({ where: { id }, data: { correctLabel } })
    return row ?? null
  }

  /** By Postgres's clock. @returns pictures that no prediction and no dataset shows any more */
  async deleteOlderThan(days: number): Promise<string[]> {
    const deleted = await this.prisma.$queryRaw<{ sha256: string }[]>`
      DELETE FROM prediction WHERE created_at < now() - make_interval(days => ${days}::int)
      RETURNING image_sha256 AS sha256`
    const digests = [...new Set(deleted.map((row) => row.sha256))]
    const shown = await this.prisma.$queryRaw<{ sha256: string }[]>`
      SELECT sha256 FROM image WHERE sha256 = ANY (${digests})
      UNION SELECT image_sha256 FROM prediction WHERE image_sha256 = ANY (${digests})`
    const kept = new Set(shown.map((row) => row.sha256))
    return digests.filter((digest) => !kept.has(digest))
  }
}

/** The id, which then stays until the transaction ends; null where there is no such row any more. */
async function lockRow(tx: Prisma.TransactionClient, table: Prisma.Sql, id: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<unknown[]>`SELECT 1 FROM ${table} WHERE id = ${id}::uuid FOR KEY SHARE`
  return row === undefined ? null : id
}

function conditionOf({ checkpointId, alias, label, maxConfidence, hasCorrectLabel }: LocalFilter) {
  return {
    ...(checkpointId === undefined ? {} : { checkpointId }),
    ...(alias === undefined ? {} : { alias }),
    ...(label === undefined ? {} : { label }),
    ...(maxConfidence === undefined ? {} : { confidence: { lte: maxConfidence } }),
    ...(hasCorrectLabel === undefined ? {} : { correctLabel: hasCorrectLabel ? { not: null } : null }),
  } satisfies Prisma.PredictionWhereInput
}
