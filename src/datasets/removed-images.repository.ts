/** Rows of removed pictures that nothing names any more. Their blobs are the sweep of storage's. */
import { Prisma, type PrismaClient } from '../database/generated/client.js'

const ROWS_AT_ONCE = 5_000
const TIMEOUT_MS = 60_000

const UNHELD = Prisma.sql`NOT EXISTS (SELECT 1 FROM dataset_version_image WHERE image_id = image.id)
  AND NOT EXISTS (SELECT 1 FROM outcome WHERE image_id = image.id)
  AND NOT EXISTS (SELECT 1 FROM prediction WHERE image_id = image.id)`

export class RemovedImagesRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /**
   * Deletes them once they have been removed for so long, by Postgres's clock: whoever is adding the same bytes just now
   * still finds the row.
   * @returns how many
   */
  deleteUnheld(minutes: number): Promise<number> {
    return this.prisma.$transaction(
      async (tx) => {
        // Locked first: whoever is about to name one waits for us, and whoever has named it is seen by the deletion.
        const removed = await tx.$queryRaw<{ id: string }[]>`
          SELECT id FROM image WHERE removed_at < now() - make_interval(mins => ${minutes}::int) AND ${UNHELD}
          ORDER BY id LIMIT ${ROWS_AT_ONCE} FOR UPDATE SKIP LOCKED`
        if (removed.length === 0) return 0
        return tx.$executeRaw`
          DELETE FROM image WHERE id = ANY (${removed.map((row) => row.id)}::uuid[]) AND ${UNHELD}`
      },
      { timeout: TIMEOUT_MS, maxWait: 10_000 },
    )
  }
}
