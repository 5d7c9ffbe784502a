/**
 * Keyset pages. A cursor holds the connection it belongs to and the sort keys of its row, so a page costs the same
 * wherever it lies and rows that come in meanwhile move nothing.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { PageArgs, PageInfo } from './connections.js'
import { badUserInput } from './errors.js'

export interface EdgeOf<Item> {
  readonly cursor: string
  readonly node: Item
}

export interface Page<Edge> {
  readonly edges: readonly Edge[]
  readonly info: PageInfo
}

/** What a resolver returns for a connection; nothing is read before a field asks for it. */
export interface Connection<Edge> {
  page(): Promise<Page<Edge>>
  count(): Promise<number>
}

/** How rows are sorted: the keys that a row has and that a cursor must hold. */
export interface Keyset<Row, Key> {
  readonly key: z.ZodType<Key>
  readonly keyOf: (row: Row) => Key
}

export interface PageSource<Row, Key, Item, Extra extends object> {
  /** Names the list, with its parent's id and its order: a cursor from elsewhere is refused. */
  readonly connection: string
  readonly args: PageArgs
  readonly keyset: Keyset<Row, Key>
  /** At most `limit` rows that come after the key, in the list's order. */
  readonly rows: (after: Key | undefined, limit: number) => Promise<readonly Row[]>
  readonly count: () => Promise<number>
  readonly node: (row: Row) => Item | Promise<Item>
  /** What the edge holds beside cursor and node. */
  readonly edge?: (row: Row) => Extra
}

export const DEFAULT_FIRST = 20
export const MAX_FIRST = 100

/** Refuses `first` and `after` at once where they are wrong; reads nothing yet. */
export function paginate<Row, Key, Item, Extra extends object = object>(
  source: PageSource<Row, Key, Item, Extra>,
): Connection<EdgeOf<Item> & Extra> {
  const first = firstOf(source.args.first)
  const name = createHash('sha256').update(source.connection).digest('base64url').slice(0, 12)
  const after =
    typeof source.args.after === 'string' ? readCursor(source.args.after, name, source.keyset.key) : undefined
  let page: Promise<Page<EdgeOf<Item> & Extra>> | undefined
  const read = async (): Promise<Page<EdgeOf<Item> & Extra>> => {
    const rows = await source.rows(after, first + 1)
    const edges = await Promise.all(
      rows.slice(0, first).map(async (row) => ({
        ...(source.edge?.(row) ?? ({} as Extra)),
        cursor: writeCursor(name, source.keyset.keyOf(row)),
        node: await source.node(row),
      })),
    )
    return { edges, info: pageInfo(edges, { hasNext: rows.length > first, hasPrevious: after !== undefined }) }
  }
  return { page: () => (page ??= read()), count: source.count }
}

function pageInfo(edges: readonly { cursor: string }[], has: { hasNext: boolean; hasPrevious: boolean }): PageInfo {
  return {
    hasNextPage: has.hasNext,
    hasPreviousPage: has.hasPrevious,
    startCursor: edges.at(0)?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  }
}

/** `first` of any list: null is the default, whatever lies outside 1-100 is refused, never clamped. */
export function firstOf(first: number | null | undefined, fallback = DEFAULT_FIRST): number {
  const wanted = first ?? fallback
  if (wanted < 1 || wanted > MAX_FIRST) {
    throw badUserInput(`first is ${String(wanted)}; it must be between 1 and ${String(MAX_FIRST)}.`)
  }
  return wanted
}

function writeCursor(name: string, key: unknown): string {
  return Buffer.from(JSON.stringify([name, key])).toString('base64url')
}

function readCursor<Key>(cursor: string, name: string, schema: z.ZodType<Key>): Key {
  const parsed = z.tuple([z.string(), schema]).safeParse(decode(cursor))
  if (!parsed.success) throw badUserInput('after is not a cursor of this server.')
  if (parsed.data[0] !== name) throw badUserInput('after is a cursor of another connection.')
  return parsed.data[1]
}

function decode(cursor: string): unknown {
  // Buffer passes over what is not base64url: whatever it passed over makes this another text than the one we wrote.
  if (Buffer.from(cursor, 'base64url').toString('base64url') !== cursor) return undefined
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown
  } catch {
    return undefined
  }
}

export type CreationKey = readonly [createdAt: string, id: string]

/** Newest first: createdAt descending, then id descending. */
export const NEWEST_FIRST: Keyset<{ createdAt: Date; id: string }, CreationKey> = {
  key: z.tuple([z.iso.datetime(), z.uuid()]),
  keyOf: (row) => [row.createdAt.toISOString(), row.id],
}

/** Prisma's condition for the rows after a key of NEWEST_FIRST, in the form that its index serves. */
export function olderThan(after: CreationKey | undefined) {
  if (after === undefined) return {}
  const createdAt = new Date(after[0])
  return { createdAt: { lte: createdAt }, OR: [{ createdAt: { lt: createdAt } }, { id: { lt: after[1] } }] }
}

/** Prisma's `orderBy` for NEWEST_FIRST. */
export const newestFirst = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]
