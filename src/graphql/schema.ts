/** The schema out of the resolver classes, with what type-graphql leaves out put in. */
import 'reflect-metadata'
import { isInputObjectType, lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql'
import { buildSchema, type ClassType } from 'type-graphql'
import { connectStreams } from './subscriptions.js'

/** Inputs of which exactly one member is given; type-graphql cannot say it. */
const ONE_OF = ['ImageSource', 'ImportSource', 'SplitInput', 'ModelReference', 'PictureReference']

/** Subscriptions bring their own streams, but type-graphql builds none without a bus. */
const NO_BUS = {
  publish: (): never => {
    throw new Error('Subscriptions have their own streams')
  },
  subscribe: (): never => {
    throw new Error('Subscriptions have their own streams')
  },
}

/** A resolver is what `new` makes of a resolver class; the container hands type-graphql the instance of each. */
export async function buildGraftSchema(
  resolvers: readonly ClassType[],
  instances: readonly object[] = [],
): Promise<GraphQLSchema> {
  const byClass = new Map<unknown, object>(instances.map((instance) => [instance.constructor, instance]))
  const schema = await buildSchema({
    resolvers: resolvers as [ClassType, ...ClassType[]],
    container: { get: (resolver: unknown) => byClass.get(resolver) },
    pubSub: NO_BUS,
    validate: false,
  })
  for (const name of ONE_OF) {
    const type = schema.getType(name)
    if (isInputObjectType(type)) type.isOneOf = true
  }
  connectStreams(schema, instances)
  return schema
}

export function printGraftSchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`
}
