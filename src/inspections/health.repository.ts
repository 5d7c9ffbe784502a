import type { DatasetHealth, Image, PrismaClient } from '../database/generated/client.js'
import { inOrderOf } from '../database/in-order-of.js'
import { fingerprintOf } from '../datasets/fingerprint.js'

/** Shorter side in pixels, then the row's id. */
export type SideKey = readonly [side: number, id: string]

export class HealthRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byDatasets = async (ids: readonly string[]): Promise<(DatasetHealth | null)[]> => {
    const rows = await this.prisma.datasetHealth.findMany({ where: { datasetId: { in: [...ids] } } })
    const byId = new Map(rows.map((row) => [row.datasetId, row]))
    return ids.map((id) => byId.get(id) ?? null)
  }

  find(datasetId: string): Promise<DatasetHealth | null> {
    return this.prisma.datasetHealth.findUnique({ where: { datasetId } })
  }

  fingerprint(datasetId: string): Promise<string> {
    return fingerprintOf(this.prisma, datasetId)
  }

  /** The smallest first. */
  async tinyImages(
    { datasetId, below }: { datasetId: string; below: number },
    [side, id]: SideKey = [0, '00000000-0000-0000-0000-000000000000'],
    limit: number,
  ): Promise<Image[]> {
    const found = await this.prisma.$queryRaw<{ id: string }[]>`
      SELECT id FROM image
      WHERE dataset_id = ${datasetId}::uuid AND removed_at IS NULL AND least(width, height) < ${below}
        AND (least(width, height), id) > (${side}, ${id}::uuid)
      ORDER BY least(width, height), id LIMIT ${limit}`
    const ids = found.map((row) => row.id)
    return inOrderOf(ids, await this.prisma.image.findMany({ where: { id: { in: ids } } })).filter(
      (row) => row !== null,
    )
  }

  async countTiny({ datasetId, below }: { datasetId: string; below: number }): Promise<number> {
    const [row] = await this.prisma.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) AS count FROM image
      WHERE dataset_id = ${datasetId}::uuid AND removed_at IS NULL AND least(width, height) < ${below}`
    return Number(row?.count ?? 0)
  }
}
