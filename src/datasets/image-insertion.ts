/** How pictures get into a dataset: as new rows, or back in the row that they had before they were removed. */
import type { Image, Prisma } from '../database/generated/client.js'
import type { Transaction } from '../database/database.js'

export type NewImage = Omit<Prisma.ImageCreateManyInput, 'id' | 'createdAt' | 'removedAt'>

/** What tells a new row from the others that were asked for. */
export type InsertedImage = Pick<Image, 'id' | 'sha256' | 'fileName'>

/**
 * Those of one dataset that it did not show yet. In one order for everyone, so that two imports never wait for each
 * other. Removed ones come first: whatever is removed between the two statements was a duplicate before.
 */
export async function insertImages(tx: Transaction, images: readonly NewImage[]): Promise<InsertedImage[]> {
  const data = firstOfEach(images).sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
  const revived = await revive(tx, data)
  const select = { id: true, sha256: true, fileName: true }
  return [...revived, ...(await tx.image.createManyAndReturn({ data, skipDuplicates: true, select }))]
}

function firstOfEach(images: readonly NewImage[]): NewImage[] {
  const first = new Map<string, NewImage>()
  for (const image of images) if (!first.has(image.sha256)) first.set(image.sha256, image)
  return [...first.values()]
}

/** Those that were removed, with the label and name that they come back with, as if they were new. */
async function revive(tx: Transaction, images: readonly NewImage[]): Promise<InsertedImage[]> {
  const [some] = images
  if (some === undefined) return []
  const removed = await tx.$queryRaw<{ id: string; sha256: string }[]>`
    SELECT id, sha256 FROM image
    WHERE dataset_id = ${some.datasetId}::uuid AND sha256 = ANY (${images.map((image) => image.sha256)})
      AND removed_at IS NOT NULL
    ORDER BY sha256 FOR UPDATE`
  if (removed.length === 0) return []
  const bySha256 = new Map(images.map((image) => [image.sha256, image]))
  const fresh = removed.map((row) => bySha256.get(row.sha256) as NewImage)
  const ids = removed.map((row) => row.id)
  await tx.$executeRaw`
    UPDATE image SET removed_at = NULL, created_at = now(),
      label = fresh.label, file_name = fresh.file_name, folder = fresh.folder::"SplitName"
    FROM unnest(${ids}::text[], ${fresh.map((image) => image.label)}::text[],
      ${fresh.map((image) => image.fileName)}::text[], ${fresh.map((image) => image.folder ?? null)}::text[])
      AS fresh (id, label, file_name, folder)
    WHERE image.id = fresh.id::uuid`
  return removed.map((row, i) => ({ ...row, fileName: (fresh[i] as NewImage).fileName }))
}
