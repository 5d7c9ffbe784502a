/** Groups of duplicates as they are now: of pictures that were removed since nothing is said. */
import { Prisma, type Image, type PrismaClient } from '../database/generated/client.js'
import { inOrderOf } from '../database/in-order-of.js'
import type { SplitName } from '../domain/status.js'

export interface GroupRow {
  readonly id: string
  readonly position: number
  readonly kind: 'IDENTICAL' | 'NEAR'
  /** Pictures that the dataset shows. */
  readonly imageCount: number
  /** Theirs, each once. */
  readonly labels: string[]
}

export interface GroupFilter {
  readonly datasetId: string
  readonly kind?: 'IDENTICAL' | 'NEAR' | undefined
  /** Only groups whose pictures have more than one label between them, or only the others. */
  readonly labelsDiffer?: boolean | undefined
}

interface Member {
  readonly image: Image
  readonly similarity: number
}

/** A group of duplicates in a version. */
export interface LeakRow {
  readonly versionId: string
  readonly classNames: readonly string[]
  readonly group: GroupRow
  readonly images: readonly LeakedRow[]
}

interface LeakedRow {
  readonly groupId: string
  readonly image: Image
  readonly classIndex: number
  readonly split: SplitName
}

/** A group may be as large as the dataset. */
const MOST_MEMBERS = 100

const GROUPS = Prisma.sql`
  SELECT g.id, g.position, g.kind, now_shown.count::int AS "imageCount", now_shown.labels
  FROM duplicate_group g CROSS JOIN LATERAL (
    SELECT count(*) AS count, coalesce(array_agg(DISTINCT i.label COLLATE "C"), '{}') AS labels
    FROM duplicate_member m JOIN image i ON i.id = m.image_id
    WHERE m.group_id = g.id AND i.removed_at IS NULL
  ) now_shown`

export class DuplicateRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(GroupRow | null)[]> => {
    return inOrderOf(ids, await this.prisma.$queryRaw<GroupRow[]>`${GROUPS} WHERE g.id = ANY (${[...ids]}::uuid[])`)
  }

  /** The first of each group, by label. */
  readonly membersOf = async (groupIds: readonly string[]): Promise<Member[][]> => {
    const found = await this.prisma.$queryRaw<{ groupId: string; imageId: string; similarity: number }[]>`
      SELECT group_id AS "groupId", image_id AS "imageId", similarity FROM (
        SELECT m.*, row_number() OVER (PARTITION BY m.group_id ORDER BY i.label COLLATE "C", i.sha256) AS place
        FROM duplicate_member m JOIN image i ON i.id = m.image_id
        WHERE m.group_id = ANY (${[...groupIds]}::uuid[]) AND i.removed_at IS NULL
      ) members WHERE place <= ${MOST_MEMBERS} ORDER BY place`
    const images = await this.#images(found.map((row) => row.imageId))
    return groupIds.map((id) =>
      found.flatMap(({ groupId, imageId, similarity }) => {
        const image = images.get(imageId)
        return groupId === id && image !== undefined ? [{ image, similarity }] : []
      }),
    )
  }

  list(filter: GroupFilter, after: number | undefined, limit: number): Promise<GroupRow[]> {
    return this.prisma.$queryRaw<GroupRow[]>`
      ${GROUPS} WHERE ${conditionOf(filter)} AND g.position > ${after ?? -1} ORDER BY g.position LIMIT ${limit}`
  }

  async count(filter: GroupFilter): Promise<number> {
    const [row] = await this.prisma.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) AS count FROM (${GROUPS} WHERE ${conditionOf(filter)}) found`
    return Number(row?.count ?? 0)
  }

  /** By what `leakId` gives. */
  readonly leaksByIds = async (ids: readonly string[]): Promise<(LeakRow | null)[]> => {
    const positions = new Map<string, number[]>()
    for (const [versionId = '', position] of ids.map((id) => id.split(':'))) {
      if (position !== undefined) positions.set(versionId, [...(positions.get(versionId) ?? []), Number(position)])
    }
    const versions = await this.prisma.datasetVersion.findMany({ where: { id: { in: [...positions.keys()] } } })
    const leaks = await Promise.all(
      versions.map((version) =>
        this.#leaks(version, Prisma.sql`g.position = ANY (${positions.get(version.id)}::int[])`),
      ),
    )
    const byId = new Map(leaks.flat().map((leak) => [leakId(leak), leak]))
    return ids.map((id) => byId.get(id) ?? null)
  }

  /** Groups of which a version has pictures in more than one split. */
  leaks(version: VersionOfDataset, after: number | undefined, limit: number): Promise<LeakRow[]> {
    return this.#leaks(version, Prisma.sql`g.position > ${after ?? -1} ORDER BY g.position LIMIT ${limit}`)
  }

  async #leaks(version: VersionOfDataset, which: Prisma.Sql): Promise<LeakRow[]> {
    const groups = await this.prisma.$queryRaw<GroupRow[]>`${GROUPS} WHERE ${isLeaking(version)} AND ${which}`
    const images = await this.#leakedImages(
      version.id,
      groups.map((group) => group.id),
    )
    const { id: versionId, classNames } = version
    return groups.map((group) => {
      return { versionId, classNames, group, images: images.filter((image) => image.groupId === group.id) }
    })
  }

  async countLeaks(version: VersionOfDataset): Promise<number> {
    const [row] = await this.prisma.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) AS count FROM duplicate_group g WHERE ${isLeaking(version)}`
    return Number(row?.count ?? 0)
  }

  /** The first pictures of each group that the version has, removed ones too. */
  async #leakedImages(versionId: string, groupIds: readonly string[]): Promise<LeakedRow[]> {
    const found = await this.prisma.$queryRaw<(Omit<LeakedRow, 'image'> & { imageId: string })[]>`
      SELECT group_id AS "groupId", image_id AS "imageId", class_index AS "classIndex", split FROM (
        SELECT m.group_id, v.*, row_number() OVER (PARTITION BY m.group_id ORDER BY v.split, v.position) AS place
        FROM duplicate_member m
        JOIN dataset_version_image v ON v.image_id = m.image_id AND v.version_id = ${versionId}::uuid
        WHERE m.group_id = ANY (${[...groupIds]}::uuid[])
      ) members WHERE place <= ${MOST_MEMBERS} ORDER BY place`
    const images = await this.#images(found.map((row) => row.imageId))
    return found.flatMap(({ imageId, ...row }) => {
      const image = images.get(imageId)
      return image === undefined ? [] : [{ ...row, image }]
    })
  }

  async #images(ids: readonly string[]): Promise<ReadonlyMap<string, Image>> {
    const rows = await this.prisma.image.findMany({ where: { id: { in: [...ids] } } })
    return new Map(rows.map((row) => [row.id, row]))
  }
}

/** A leak's local id: its version's, `:` and its group's position. */
export function leakId({ versionId, group }: Pick<LeakRow, 'versionId' | 'group'>): string {
  return `${versionId}:${String(group.position)}`
}

interface VersionOfDataset {
  readonly id: string
  readonly datasetId: string
  readonly classNames: readonly string[]
}

function conditionOf({ datasetId, kind, labelsDiffer }: GroupFilter): Prisma.Sql {
  const conditions = [Prisma.sql`g.dataset_id = ${datasetId}::uuid`, Prisma.sql`now_shown.count > 1`]
  if (kind !== undefined) conditions.push(Prisma.sql`g.kind = ${kind}::"DuplicateKind"`)
  if (labelsDiffer !== undefined) {
    conditions.push(Prisma.sql`(cardinality(now_shown.labels) > 1) = ${labelsDiffer}`)
  }
  return Prisma.join(conditions, ' AND ')
}

function isLeaking({ id, datasetId }: VersionOfDataset): Prisma.Sql {
  return Prisma.sql`g.dataset_id = ${datasetId}::uuid AND (
    SELECT count(DISTINCT v.split) FROM duplicate_member m
    JOIN dataset_version_image v ON v.image_id = m.image_id AND v.version_id = ${id}::uuid
    WHERE m.group_id = g.id) > 1`
}
