import { v7 as uuid } from 'uuid'
import type { Prediction, Prisma, PrismaClient } from '../database/generated/client.js'
import { inOrderOf } from '../database/in-order-of.js'
import type { ClassScore } from '../evaluations/class-score.js'
import { newestFirst, olderThan, type CreationKey } from '../graphql/paginate.js'

/** So many of an alias's last predictions are looked at for drift: features of older ones are not kept. */
export const DRIFT_WINDOW = 1_000

/** A filter with local ids; what is left out does not narrow. */
export interface LocalFilter {
  readonly checkpointId?: string
  readonly alias?: string
  readonly label?: string
  readonly maxConfidence?: number
  readonly hasCorrectLabel?: boolean
}

export interface NewPrediction {
  readonly checkpointId: string
  /** The one that the checkpoint was trained on. */
  readonly datasetId: string
  readonly alias: string | null
  readonly label: string
  readonly confidence: number
  readonly scores: readonly ClassScore[]
  readonly imageSha256: string
  /** Null where bytes were sent: they may be those of a dataset's picture all the same. */
  readonly imageId: string | null
  readonly latencyMs: number
  /** The trunk's [2048] in half precision, where they are kept. */
  readonly features: Uint16Array | null
}

export class PredictionRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(Prediction | null)[]> => {
    return inOrderOf(ids, await this.prisma.prediction.findMany({ where: { id: { in: [...ids] } } }))
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

  /**
   * In one statement and so in one commit, with their features. What was deleted while the pictures were classified is left out: a prediction
   * outlives its checkpoint and picture. Bytes that were sent are found in the model's own dataset first, else in the one
   * that had them first.
   * @returns them in the same order
   */
  async createAll(predictions: readonly NewPrediction[]): Promise<Prediction[]> {
    const given = predictions.map(({ features, ...prediction }) => ({
      ...{ id: uuid(), ...prediction },
      features: features === null ? null : bytesOf(features).toString('base64'),
    }))
    const rows = await this.prisma.$queryRaw<Prediction[]>`
      WITH given AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb) AS given (
          id uuid, "checkpointId" uuid, "datasetId" uuid, alias text, label text, confidence float8, scores jsonb,
          "imageSha256" text, "imageId" uuid, "latencyMs" float8, features text)
      ), checkpoints AS (
        SELECT id FROM checkpoint WHERE id IN (SELECT "checkpointId" FROM given) FOR KEY SHARE
      ), kept AS (
        INSERT INTO prediction_features (prediction_id, features)
        SELECT id, decode(features, 'base64') FROM given WHERE features IS NOT NULL
      )
      INSERT INTO prediction
        (id, checkpoint_id, alias, label, confidence, scores, image_sha256, image_id, latency_ms)
      SELECT given.id, checkpoints.id, alias, label, confidence, scores, "imageSha256", coalesce(named.id, same.id),
        "latencyMs"
      FROM given LEFT JOIN checkpoints ON checkpoints.id = "checkpointId"
      LEFT JOIN LATERAL (SELECT id FROM image WHERE id = "imageId" FOR KEY SHARE) AS named ON true
      LEFT JOIN LATERAL (
        SELECT id FROM image WHERE "imageId" IS NULL AND sha256 = "imageSha256"
        ORDER BY dataset_id <> "datasetId", created_at, id LIMIT 1 FOR KEY SHARE
      ) AS same ON true
      RETURNING id, checkpoint_id AS "checkpointId", alias, label, confidence, scores, image_sha256 AS "imageSha256",
        image_id AS "imageId", correct_label AS "correctLabel", latency_ms AS "latencyMs", created_at AS "createdAt"`
    const ids = given.map(({ id }) => id)
    return inOrderOf(ids, rows) as Prediction[]
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

  /** Of all but the last `kept` predictions of each alias. */
  async forgetOldFeatures(kept = DRIFT_WINDOW): Promise<void> {
    await this.prisma.$executeRaw`
      DELETE FROM prediction_features AS old USING (
        SELECT p.id, row_number() OVER (PARTITION BY p.alias ORDER BY p.created_at DESC, p.id DESC) AS place
        FROM prediction_features AS f JOIN prediction AS p ON p.id = f.prediction_id
      ) AS ranked
      WHERE old.prediction_id = ranked.id AND ranked.place > ${kept}`
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint16Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
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
