import type { Transaction } from '../database/database.js'
import type { Alias, AliasAssignment, PrismaClient } from '../database/generated/client.js'
import { inOrderOf } from '../database/in-order-of.js'
import type { HistoryPlace } from './alias.history.js'

export interface AliasTarget {
  readonly name: string
  readonly checkpointId: string
}

/** Of predictions whose callers said what they show. */
export interface FeedbackCounts {
  readonly count: number
  readonly correct: number
}

/** What speaks against pointing the name to the checkpoint, and away from its holder; null for nothing. */
export type Judge<Objection extends object> = (tx: Transaction, holderId: string | null) => Promise<Objection | null>

export class AliasRepository {
  constructor(private readonly prisma: PrismaClient) {}

  readonly byIds = async (ids: readonly string[]): Promise<(Alias | null)[]> => {
    return inOrderOf(ids, await this.prisma.alias.findMany({ where: { id: { in: [...ids] } } }))
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

  /** Of the predictions of each alias since it points where it does. */
  readonly feedback = async (aliasIds: readonly string[]): Promise<FeedbackCounts[]> => {
    const rows = await this.prisma.$queryRaw<(FeedbackCounts & { id: string })[]>`
      SELECT a.id, count(p.id)::int AS count, (count(p.id) FILTER (WHERE p.label = p.correct_label))::int AS correct
      FROM alias a LEFT JOIN prediction p
        ON p.alias = a.name AND p.correct_label IS NOT NULL
        AND p.checkpoint_id = a.checkpoint_id AND p.created_at >= a.assigned_at
      WHERE a.id = ANY (${[...aliasIds]}::uuid[]) GROUP BY a.id`
    const byId = new Map(rows.map(({ id, count, correct }) => [id, { count, correct }]))
    return aliasIds.map((id) => byId.get(id) ?? { count: 0, correct: 0 })
  }

  findByName(name: string): Promise<Alias | null> {
    return this.prisma.alias.findUnique({ where: { name } })
  }

  /** All of them: people name few. */
  async list(): Promise<Alias[]> {
    const rows = await this.prisma.alias.findMany()
    return rows.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /**
   * Points the name to the checkpoint; nothing changes where it does already. Nobody can move the name while `judge` reads.
   * @returns null where the checkpoint is gone, and what `judge` has against it
   */
  async assign<Objection extends object>(
    { name, checkpointId }: AliasTarget,
    judge: Judge<Objection>,
  ): Promise<Alias | Objection | null> {
    for (;;) {
      const assigned = await this.prisma.$transaction((tx) => assignWithin(tx, { name, checkpointId }, judge))
      if (assigned !== 'changed meanwhile') return assigned
    }
  }

  /** Points the name to what it pointed to before, if that is still there. */
  revert(name: string): Promise<Alias | 'no alias' | 'nothing before'> {
    return this.prisma.$transaction(async (tx) => {
      const alias = await lockAlias(tx, name)
      if (alias === null) return 'no alias'
      const before = await tx.aliasAssignment.findFirst({
        where: { aliasId: alias.id, checkpointId: { not: alias.checkpointId } },
        orderBy: [{ assignedAt: 'desc' }, { id: 'desc' }],
      })
      const checkpointId = before?.checkpointId ?? null
      if (checkpointId === null || !(await lockCheckpoint(tx, checkpointId))) return 'nothing before'
      return pointTo(tx, alias.id, checkpointId)
    })
  }

  /** Its id, or null where there was none. */
  async delete(name: string): Promise<string | null> {
    const [deleted] = await this.prisma.$queryRaw<{ id: string }[]>`DELETE FROM alias WHERE name = ${name} RETURNING id`
    return deleted?.id ?? null
  }
}

async function assignWithin<Objection extends object>(
  tx: Transaction,
  { name, checkpointId }: AliasTarget,
  judge: Judge<Objection>,
): Promise<Alias | Objection | null | 'changed meanwhile'> {
  if (!(await lockCheckpoint(tx, checkpointId))) return null
  const known = await lockAlias(tx, name)
  const holdsIt = known?.checkpointId === checkpointId
  // Asked again, the holder must still reach what is required of it, but need not be better than itself.
  const objection = await judge(tx, holdsIt ? null : (known?.checkpointId ?? null))
  if (objection !== null) return objection
  if (holdsIt) return known
  if (known !== null) return pointTo(tx, known.id, checkpointId)
  const [made] = await tx.alias.createManyAndReturn({ data: [{ name, checkpointId }], skipDuplicates: true })
  return made === undefined ? 'changed meanwhile' : pointTo(tx, made.id, checkpointId)
}

/** Whoever classifies reads one row, so what it finds is the checkpoint before or the one after, never neither. */
async function pointTo(tx: Transaction, aliasId: string, checkpointId: string): Promise<Alias> {
  const { assignedAt } = await tx.aliasAssignment.create({ data: { aliasId, checkpointId } })
  return tx.alias.update({ where: { id: aliasId }, data: { checkpointId, assignedAt } })
}

/** Null where there is none; else nobody else moves it until the transaction ends. */
async function lockAlias(tx: Transaction, name: string): Promise<Alias | null> {
  await tx.$queryRaw`SELECT 1 FROM alias WHERE name = ${name} FOR UPDATE`
  return tx.alias.findUnique({ where: { name } })
}

async function lockCheckpoint(tx: Transaction, id: string): Promise<boolean> {
  const [checkpoint] = await tx.$queryRaw<unknown[]>`SELECT 1 FROM checkpoint WHERE id = ${id}::uuid FOR KEY SHARE`
  return checkpoint !== undefined
}
