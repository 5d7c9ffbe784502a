import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import type { Batch, GraphContext } from './context.js'
import { codedError } from './errors.js'
import { parseGlobalId } from './ids.js'
import { Node, type NodeRegistry } from './node.type.js'
import { InUse } from './refusals.type.js'

@Resolver(() => InUse)
export class NodeResolver {
  readonly #batches: ReadonlyMap<string, Batch<string, Node | null>>
  readonly #maxIds: number

  constructor(registry: NodeRegistry, maxIds: number) {
    this.#batches = new Map([...registry].map(([name, loader]) => [name, (ids) => loader.load(ids)]))
    this.#maxIds = maxIds
  }

  @Query(() => Node, { nullable: true, description: 'Whatever has that id; null where nothing has.' })
  node(@Arg('id', () => ID, { description: 'Any global id.' }) id: string, @Ctx() context: GraphContext) {
    return this.#load(id, context)
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: 'Whatever has those ids, in their order, null where nothing has.',
  })
  nodes(@Arg('ids', () => [ID], { description: 'At most 100.' }) ids: string[], @Ctx() context: GraphContext) {
    if (ids.length > this.#maxIds) {
      throw codedError(
        'QUERY_TOO_COMPLEX',
        `nodes takes at most ${String(this.#maxIds)} ids, not ${String(ids.length)}.`,
      )
    }
    return Promise.all(ids.map((id) => this.#load(id, context)))
  }

  @FieldResolver(() => [Node], { description: 'What needs it.' })
  async usedBy(@Root() refusal: InUse, @Ctx() context: GraphContext): Promise<Node[]> {
    const found = await Promise.all(refusal.usedBy.map((use) => this.#loadLocal(use.type, use.id, context)))
    return found.filter((node) => node !== null)
  }

  #load(id: string, context: GraphContext): Promise<Node | null> {
    const local = parseGlobalId(id)
    return local === undefined ? Promise.resolve(null) : this.#loadLocal(local.typeName, local.id, context)
  }

  #loadLocal(typeName: string, id: string, context: GraphContext): Promise<Node | null> {
    const batch = this.#batches.get(typeName)
    return batch === undefined ? Promise.resolve(null) : context.loaders.of(batch).load(id)
  }
}
