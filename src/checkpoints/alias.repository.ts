import type { Transaction } from '../database/database.js'
import type { Alias, AliasAssignment, PrismaClient } from '../database/generated/client.js'
import type { HistoryPlace } from './alias.history.js'

export class AliasRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(Alias | null)[]> => {
    const rows = await this.prisma.alias.findMany({ where: { id: { in: [...ids] } } })
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => byId.get(id) ?? null)
  }

  /** Names by checkpoint, in order. */
  readonly namesOf = async (checkpointIds: readonly string[]): Promise<string[][]> => {
    const rows = await this.prisma.alias.findMany({ where: { checkpointId: { in: [...checkpointIds] } } })
    return checkpointIds.map((id) =>
      rows
        .filter((row) => row.checkpointId === id)
        .map((row) => row.name)
        .sort(),
    )
  }

  /** Newest first, of many aliases in one query. */
  readonly histories = async (places: readonly HistoryPlace[]): Promise<AliasAssignment[][]> => {
    const wanted = places.map((place) => place.split(':'))
    const ids = wanted.map(([id = '']) => id)
    const most = Math.max(...wanted.map(([, first]) => Number(first)))
    const rows = await this.prisma.$queryRaw<AliasAssignment[]>`
      SELECT a.id, a.alias_id AS "aliasId", a.checkpoint_id AS "checkpointId", a.assigned_at AS "assignedAt"
      FROM unnest(${ids}::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
        SELECT * FROM alias_assignment WHERE alias_id = wanted.id ORDER BY assigned_at DESC, id DESC LIMIT ${most}
      ) AS a ORDER BY a.assigned_at DESC, a.id DESC`
    return wanted.map(([id, first]) => rows.filter((row) => row.aliasId === id).slice(0, Number(first)))
  }

  findByName(name: string): Promise<Alias | null> {
    return this.prisma.alias.findUnique({ where: { name } })
  }

  /** All of them: people name few. */
  async list(): Promise<Alias[]> {
    const rows = await this.prisma.alias.findMany()
    return rows.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Points the name to the checkpoint; nothing changes where it does already. Null where the checkpoint is gone. */
  async assign(name: string, checkpointId: string): Promise<Alias | null> {
    for (;;) {
      const assigned = await this.prisma.$transaction((tx) => assignWithin(tx, name, checkpointId))
      if (assigned !== 'deleted meanwhile') return assigned
    }
  }

  /** Its id, or null where there was none. */
  async delete(name: string): Promise<string | null> {
    const [deleted] = await this.prisma.$queryRaw<{ id: string }[]>`DELETE FROM alias WHERE name = ${name} RETURNING id`
    return deleted?.id ?? null
  }
}

async function assignWithin(
  tx: Transaction,
  name: string,
  checkpointId: string,
): Promise<Alias | null | 'deleted meanwhile'> {
  const [checkpoint] = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM checkpoint WHERE id = ${checkpointId}::uuid FOR KEY SHARE`
  if (checkpoint === undefined) return null
  const [made] = await tx.alias.createManyAndReturn({ data: [{ name, checkpointId }], skipDuplicates: true })
  await tx.$queryRaw`SELECT 1 FROM alias WHERE name = ${name} FOR UPDATE`
  const alias = await tx.alias.findUnique({ where: { name } })
  if (alias === null) return 'deleted meanwhile'
  if (made === undefined && alias.checkpointId === checkpointId) return alias
  const { assignedAt } = await tx.aliasAssignment.create({ data: { aliasId: alias.id, checkpointId } })
  return tx.alias.update({ where: { id: alias.id }, data: { checkpointId, assignedAt } })
}
