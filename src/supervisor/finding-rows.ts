import { randomUUID } from 'node:crypto'
import type { InspectedGroup, InspectionResult } from '../compute/messages.js'
import type { Transaction } from '../database/database.js'
import type { InspectionClaim } from './inspection-work.repository.js'

/** A great many findings take a while; nobody waits for their transaction before its end, where the fence is. */
export const FINDINGS_TIMEOUT_MS = 120_000
const ROWS_AT_ONCE = 5_000

type Pictures = Pick<InspectionClaim, 'datasetId' | 'imageIds' | 'givenLabels' | 'labels'>

/** In the place of those that were there. Pictures that were deleted meanwhile are left out. */
export async function insertFindings(
  tx: Transaction,
  pictures: Pictures,
  { hashes, groups, doubts }: InspectionResult,
): Promise<void> {
  const { datasetId, imageIds, givenLabels, labels } = pictures
  await insertHashes(tx, imageIds, hashes)
  const there = await lockThere(tx, imageIds)
  await tx.duplicateGroup.deleteMany({ where: { datasetId } })
  await tx.doubtfulLabel.deleteMany({ where: { datasetId } })
  const rows = groupRows(groups, pictures, there)
  await inParts(rows, (data) => tx.duplicateGroup.createMany({ data: data.map(({ members: _, ...row }) => row) }))
  await inParts(
    rows.flatMap((row) => row.members),
    (data) => tx.duplicateMember.createMany({ data }),
  )
  const shown = doubts.filter(({ picture }) => there.has(imageIds[picture] as string))
  const doubtRows = shown.map(({ picture, suggested, score }, position) => {
    const imageId = imageIds[picture] as string
    return {
      imageId,
      datasetId,
      position,
      score,
      givenLabel: givenLabels[picture] ?? '',
      suggestedLabel: labels[suggested] as string,
    }
  })
  await inParts(doubtRows, (data) => tx.doubtfulLabel.createMany({ data }))
}

/** The pictures whose rows are still there, with their labels; they stay until the transaction ends. */
async function lockThere(tx: Transaction, imageIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.$queryRaw<{ id: string; label: string }[]>`
    SELECT id, label FROM image WHERE id = ANY (${[...imageIds]}::uuid[]) ORDER BY sha256 FOR KEY SHARE`
  return new Map(rows.map((row) => [row.id, row.label]))
}

/** Contradictions first: groups whose pictures have different labels; of either kind the largest first. */
function groupRows(
  groups: readonly InspectedGroup[],
  { datasetId, imageIds }: Pictures,
  there: ReadonlyMap<string, string>,
) {
  const found = groups.flatMap(({ identical, members }) => {
    const left = members.filter(({ picture }) => there.has(imageIds[picture] as string))
    const labels = new Set(left.map(({ picture }) => there.get(imageIds[picture] as string)))
    return left.length < 2 ? [] : [{ identical, left, differs: labels.size > 1 }]
  })
  found.sort((a, b) => Number(b.differs) - Number(a.differs) || b.left.length - a.left.length)
  return found.map(({ identical, left }, position) => {
    const id = randomUUID()
    const members = left.map(({ picture, similarity }) => ({
      groupId: id,
      imageId: imageIds[picture] as string,
      similarity,
    }))
    return { id, datasetId, position, kind: identical ? ('IDENTICAL' as const) : ('NEAR' as const), members }
  })
}

async function insertHashes(
  tx: Transaction,
  imageIds: readonly string[],
  hashes: InspectionResult['hashes'],
): Promise<void> {
  await inParts(hashes, async (part) => {
    const ids = part.map(([picture]) => imageIds[picture] as string)
    const values = part.map(([, hash]) => hash)
    await tx.$queryRaw`
      SELECT 1 FROM image WHERE id = ANY (${ids}::uuid[]) ORDER BY sha256 FOR NO KEY UPDATE`
    await tx.$executeRaw`
      UPDATE image SET perceptual_hash = found.hash
      FROM unnest(${ids}::text[], ${values}::bigint[]) AS found (id, hash) WHERE image.id = found.id::uuid`
  })
}

async function inParts<Row>(rows: readonly Row[], insert: (part: Row[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) await insert(rows.slice(at, at + ROWS_AT_ONCE))
}
