import type { FastifyInstance } from 'fastify'
import { Field, ID, InterfaceType } from 'type-graphql'

@InterfaceType('Node', { description: 'Anything that has a global id and can be asked for by it.' })
export abstract class Node {
  @Field(() => ID, { description: 'Opaque and global: unique among everything this server knows.' })
  readonly id!: string
}

/** How `node`, `nodes` and `InUse.usedBy` find the things of one type. */
export interface NodeLoader {
  readonly typeName: string
  /** Local ids in, in order; null where there is none. An id of the wrong form is no error but null. */
  load(ids: readonly string[]): Promise<readonly (Node | null)[]>
}

/** What a noun hands the composition root: an instance of each of its resolver classes, and how its nodes are found. */
export interface NounModule {
  readonly resolvers: readonly object[]
  readonly nodes: readonly NodeLoader[]
  /** Adds addresses of its own beside GraphQL. @param mayRead rejects where a request's token does not allow reading */
  readonly serve?: (app: FastifyInstance, mayRead: (authorization: string | undefined) => Promise<void>) => void
}

export type NodeRegistry = ReadonlyMap<string, NodeLoader>

export function nodeRegistry(loaders: readonly NodeLoader[]): NodeRegistry {
  return new Map(loaders.map((loader) => [loader.typeName, loader]))
}

/** The loader of a type whose local ids are uuids. */
export function rowNodes<Row>(
  typeName: string,
  byIds: (ids: readonly string[]) => Promise<readonly (Row | null)[]>,
  wrap: (row: Row) => Node,
): NodeLoader {
  const load = async (ids: readonly string[]): Promise<(Node | null)[]> => {
    const uuids = ids.filter((id) => !id.includes(':'))
    const rows = await byIds(uuids)
    const found = new Map(uuids.map((id, i) => [id, rows[i] ?? null]))
    return ids.map((id) => {
      const row = found.get(id) ?? null
      return row === null ? null : wrap(row)
    })
  }
  return { typeName, load }
}
