/** What came in through an alias, and what was learnt from. */
import type { Alias, PrismaClient } from '../../database/generated/client.js'
import type { SplitName } from '../../domain/status.js'
import { readHalves } from '../../features/feature-shard.js'
import type { ModelFacts } from '../model.repository.js'
import { DRIFT_WINDOW } from '../prediction.repository.js'

/** TRAIN is what drift is from, VALIDATION what is like it. */
export type ComparedSplit = Exclude<SplitName, 'TEST'>

export class DriftRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** Each [2048] in half precision: of the last predictions since the alias points where it does. */
  async incoming({ name, checkpointId, assignedAt }: Alias): Promise<Uint16Array[]> {
    const rows = await this.prisma.$queryRaw<{ features: Uint8Array }[]>`
      SELECT f.features FROM (
        SELECT id FROM prediction
        WHERE alias = ${name} AND checkpoint_id = ${checkpointId}::uuid AND created_at >= ${assignedAt}
        ORDER BY created_at DESC, id DESC LIMIT ${DRIFT_WINDOW}
      ) AS p JOIN prediction_features AS f ON f.prediction_id = p.id`
    return rows.map(({ features }) => readHalves(Buffer.from(features)))
  }

  /** Those of the given pictures that are in one of the compared splits of what the model was trained on. */
  async splitsOf(model: ModelFacts, sha256s: readonly string[]): Promise<Map<string, ComparedSplit>> {
    const rows = await this.prisma.$queryRaw<{ sha256: string; split: ComparedSplit }[]>`
      SELECT i.sha256, v.split FROM image AS i JOIN dataset_version_image AS v ON v.image_id = i.id
      WHERE i.dataset_id = ${model.datasetId}::uuid AND i.sha256 = ANY (${[...sha256s]}::text[])
        AND v.version_id = ${model.versionId}::uuid AND v.split IN ('TRAIN', 'VALIDATION')`
    return new Map(rows.map(({ sha256, split }) => [sha256, split]))
  }
}
