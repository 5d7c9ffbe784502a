import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { GraphQLDateTime } from 'graphql-scalars'

/** Handed out as Date objects, written as RFC 3339 in UTC. */
export const DateTime = new GraphQLScalarType({
  ...GraphQLDateTime.toConfig(),
  name: 'DateTime',
  description: 'A moment, as RFC 3339 writes it, in UTC: 2026-11-24T09:30:00.000Z.',
})

function wholeNumber(value: unknown): number {
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number
  throw new GraphQLError(`BigInt is a whole number below 2^53, not ${JSON.stringify(value)}.`)
}

export const BigIntScalar = new GraphQLScalarType<number, number>({
  name: 'BigInt',
  description: 'Bytes and other counts that may pass 2^31: a whole JSON number below 2^53.',
  serialize: wholeNumber,
  parseValue: wholeNumber,
  parseLiteral(node) {
    if (node.kind === Kind.INT) return wholeNumber(Number(node.value))
    throw new GraphQLError('BigInt is written as a whole number.', { nodes: node })
  },
})
