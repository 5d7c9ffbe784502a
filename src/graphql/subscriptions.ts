/** Subscriptions whose streams are opened by the resolver's instance; type-graphql hands its `subscribe` none. */
import type { GraphQLSchema } from 'graphql'
import type { GraphContext } from './context.js'

/** Opens the stream of one subscription, or throws a coded error. */
export type OpenStream = (args: never, context: GraphContext) => AsyncIterable<object> | Promise<AsyncIterable<object>>

/** A resolver with subscriptions: for each `@Subscription(…, OWN_STREAM)` field, by name, what opens its stream. */
export interface StreamResolver {
  readonly streams: Readonly<Record<string, OpenStream>>
}

/** Stands for the stream where type-graphql wants one; the instance's takes its place. */
export const OWN_STREAM = {
  subscribe: (): never => {
    throw new Error('This schema was built without its resolvers')
  },
}

export function connectStreams(schema: GraphQLSchema, instances: readonly object[]): void {
  const fields = schema.getSubscriptionType()?.getFields() ?? {}
  for (const [name, open] of instances.filter(hasStreams).flatMap(({ streams }) => Object.entries(streams))) {
    const field = fields[name]
    if (field === undefined) throw new Error(`There is no subscription ${name}`)
    field.subscribe = (_source, args, context: GraphContext) => open(args as never, context)
  }
}

function hasStreams(instance: object): instance is StreamResolver {
  return 'streams' in instance
}
