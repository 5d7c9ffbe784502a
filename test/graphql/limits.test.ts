import { getIntrospectionQuery, parse } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import type { GraphQLSchema } from 'graphql'
import { limitError } from '../../src/graphql/limits.js'
import { buildGraftSchema } from '../../src/graphql/schema.js'
import { RESOLVERS } from '../../src/resolvers.js'

const limits = { depth: 15, aliases: 50, rootFields: 20, breadth: 200, directives: 50, cost: 100_000 }
let schema: GraphQLSchema

function refusal(text: string, variables: Record<string, unknown> = {}): string | undefined {
  return limitError({ schema, document: parse(text), variables }, limits)?.message
}

describe('limits', () => {
  beforeAll(async () => {
    schema = await buildGraftSchema(RESOLVERS)
  })

  it('let the introspection of every client through', () => {
    expect(
      refusal(getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true, specifiedByUrl: true })),
    ).toBeUndefined()
  })

  it('count depth in fields', () => {
    const deep = (n: number): string => `{ ${'a { '.repeat(n - 1)}b${' }'.repeat(n - 1)} }`
    expect(refusal(deep(15))).toBeUndefined()
    expect(refusal(deep(16))).toMatch(/^16 levels deep; at most 15/)
  })

  it('count depth through fragments', () => {
    const text = `{ ${'a { '.repeat(10)}...F${' }'.repeat(10)} } fragment F on Dataset { ${'b { '.repeat(9)}c${' }'.repeat(9)} }`
    expect(refusal(text)).toMatch(/levels deep/)
  })

  it('count aliases through fragments, each time they are spread', () => {
    const aliases = (count: number): string => Array.from({ length: count }, (_, i) => `a${String(i)}: id`).join(' ')
    expect(refusal(`{ node(id: "x") { ${aliases(50)} } }`)).toBeUndefined()
    expect(refusal(`{ node(id: "x") { ${aliases(51)} } }`)).toMatch(/^51 aliases/)
    expect(refusal(`{ x { ...F } y { ...F } z { ...F } } fragment F on Node { ${aliases(20)} }`)).toMatch(/^60 aliases/)
  })

  it('count root fields', () => {
    expect(refusal(`{ ${'__typename '.repeat(20)} }`)).toBeUndefined()
    expect(refusal(`{ ...F ...F } fragment F on Query { ${'__typename '.repeat(11)} }`)).toMatch(/^22 root fields/)
  })

  it('count the fields of one selection, wherever it is', () => {
    const fields = (count: number): string => 'id '.repeat(count)
    expect(refusal(`{ node(id: "x") { ${fields(200)} } }`)).toBeUndefined()
    expect(refusal(`{ node(id: "x") { ${fields(201)} } }`)).toMatch(/^201 fields in one selection/)
    expect(refusal(`{ node(id: "x") { ...F ...F } } fragment F on Node { ${fields(101)} }`)).toMatch(
      /^202 fields in one/,
    )
  })

  it('count directives', () => {
    expect(refusal(`{ node(id: "x") { ${'id @include(if: true) '.repeat(50)} } }`)).toBeUndefined()
    expect(refusal(`{ node(id: "x") { id ${'@include(if: true) '.repeat(51)} } }`)).toMatch(/^51 directives/)
  })

  it('multiply what is below a list by first, from variables too', () => {
    const lists = (first: string): string =>
      `query($n: Int) { datasets(first: ${first}) { nodes { images(first: ${first}) { nodes { id label dataset { images(first: ${first}) { nodes { id } } } } } } } }`
    expect(refusal(lists('10'))).toBeUndefined()
    expect(refusal(lists('100'))).toMatch(/fields in a full answer/)
    expect(refusal(lists('$n'), { n: 100 })).toMatch(/fields in a full answer/)
    expect(refusal(lists('$n').replace('$n: Int', '$n: Int = 100'))).toMatch(/fields in a full answer/)
    expect(refusal(lists('$n').replace('$n: Int', '$n: Int = 100'), { n: 10 })).toBeUndefined()
  })

  it('come to an end with fragments that spread themselves', () => {
    expect(refusal('{ ...F } fragment F on Query { __typename ...F }')).toBeUndefined()
  })
})
