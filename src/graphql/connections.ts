/** Relay connections: one factory for their types, and lazy pages, so that only what is selected is asked for. */
import { ArgsType, Field, Int, ObjectType, type ClassType } from 'type-graphql'
import type { Connection, EdgeOf } from './paginate.js'

@ObjectType({ description: 'Where a page lies within its connection.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more after this page.' })
  readonly hasNextPage!: boolean

  @Field(() => Boolean, { description: 'Whether this page began after a cursor.' })
  readonly hasPreviousPage!: boolean

  @Field(() => String, { nullable: true, description: 'Cursor of the first edge; null on an empty page.' })
  readonly startCursor!: string | null

  @Field(() => String, { nullable: true, description: 'Cursor of the last edge, to ask on with `after`.' })
  readonly endCursor!: string | null
}

/** `first` and `after` of a list. Both may be null, which is the same as leaving them out. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, defaultValue: 20, description: 'How many, 1-100.' })
  first?: number | null

  @Field(() => String, { nullable: true, description: 'Cursor of the last edge that is known already.' })
  after?: string | null
}

/**
 * The types `<name>Connection` and `<name>Edge`.
 * @param edge an edge class of its own, for edges that hold more than cursor and node
 */
export function connectionOf<Item extends object, Edge extends EdgeOf<Item> = EdgeOf<Item>>(
  name: string,
  node: () => ClassType<Item>,
  edge: ClassType<Edge> = edgeOf<Item>(name, node) as ClassType<Edge>,
): ClassType<Connection<Edge>> {
  @ObjectType(`${name}Connection`, { description: 'A page of a longer list.' })
  class ConnectionType implements Connection<Edge> {
    readonly page!: Connection<Edge>['page']
    readonly count!: Connection<Edge>['count']

    @Field(() => [edge], { description: 'The page, each with its cursor.' })
    async edges(): Promise<readonly Edge[]> {
      return (await this.page()).edges
    }

    @Field(() => [node()], { description: 'The page without cursors.' })
    async nodes(): Promise<readonly Item[]> {
      return (await this.page()).edges.map((each) => each.node)
    }

    @Field(() => PageInfo, { description: 'Where the page lies.' })
    async pageInfo(): Promise<PageInfo> {
      return (await this.page()).info
    }

    @Field(() => Int, { description: 'How many there are in all, counted only when asked for.' })
    totalCount(): Promise<number> {
      return this.count()
    }
  }
  return ConnectionType
}

function edgeOf<Item extends object>(name: string, node: () => ClassType<Item>): ClassType<EdgeOf<Item>> {
  @ObjectType(`${name}Edge`, { description: 'One of a list, with its place in it.', simpleResolvers: true })
  class EdgeType {
    @Field(() => String, { description: 'Its place, to ask on from with `after`.' })
    readonly cursor!: string

    @Field(node, { description: 'The thing itself.' })
    readonly node!: Item
  }
  return EdgeType
}
