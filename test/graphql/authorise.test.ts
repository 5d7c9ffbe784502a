import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  parse,
  validate,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { TOKEN_SCOPES, type TokenScope } from '../../src/config/token.setting.js'
import { permissionError, SCOPE_OF } from '../../src/graphql/authorise.js'
import { callerWith } from '../../src/graphql/caller.js'
import { buildGraftSchema } from '../../src/graphql/schema.js'
import { RESOLVERS } from '../../src/resolvers.js'

let schema: GraphQLSchema

beforeAll(async () => {
  schema = await buildGraftSchema(RESOLVERS)
})

const ROOTS = ['query', 'mutation', 'subscription'] as const

function fieldsOf(root: (typeof ROOTS)[number]): GraphQLField<unknown, unknown>[] {
  const type = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }
  return Object.values(type[root]?.getFields() ?? {})
}

/** What an argument that must be there may be. */
function literal(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(type.ofType)
  if (isListType(type)) return '[]'
  if (isEnumType(type)) return type.getValues()[0]?.name ?? ''
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    const needed = type.isOneOf ? fields.slice(0, 1) : fields.filter(isRequiredInputField)
    return `{ ${needed.map((field) => `${field.name}: ${literal(field.type)}`).join(', ')} }`
  }
  return ['Int', 'Float', 'BigInt'].includes(type.name) ? '1' : '"x"'
}

function operationOn(root: string, field: GraphQLField<unknown, unknown>, selection = '{ __typename }'): string {
  const given = field.args.filter(isRequiredArgument).map((argument) => `${argument.name}: ${literal(argument.type)}`)
  const inside = isLeafType(getNamedType(field.type)) ? '' : selection
  return `${root} { ${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''} ${inside} }`
}

function isAllowed(scope: TokenScope, text: string): boolean {
  const document = parse(text)
  expect(validate(schema, document)).toEqual([])
  const operation = document.definitions[0] as OperationDefinitionNode
  const caller = callerWith({ name: 'someone', scopes: [scope] })
  return permissionError(caller, { schema, document, operation, variables: {} }) === undefined
}

/** The contract in words: what is neither here nor a query or subscription needs `write`. */
const CLASSIFYING = [
  'query.embedding',
  'mutation.classify',
  'mutation.classifyMany',
  'mutation.recordFeedback',
  'mutation.createUpload',
]
const ADMINISTERING = ['query.tokens', 'mutation.createToken', 'mutation.revokeToken']

function scopesThatMay(root: string, name: string): TokenScope[] {
  if (ADMINISTERING.includes(`${root}.${name}`)) return ['admin']
  if (CLASSIFYING.includes(`${root}.${name}`)) return ['classify', 'write', 'admin']
  return root === 'mutation' ? ['write', 'admin'] : ['read', 'write', 'admin']
}

describe('permissions', () => {
  it('are said of every field of the roots', () => {
    const fields = ROOTS.flatMap((root) => fieldsOf(root).map((field) => `${root}.${field.name}`))
    expect(fields.filter((field) => !(field in SCOPE_OF))).toEqual([])
  })

  it.each(ROOTS)('let each scope do of every %s what the contract says, and nothing else', (root) => {
    const found = fieldsOf(root).map((field) => {
      const text = operationOn(root, field)
      return [field.name, TOKEN_SCOPES.filter((scope) => isAllowed(scope, text))]
    })
    expect(found).toEqual(fieldsOf(root).map((field) => [field.name, scopesThatMay(root, field.name)]))
  })

  it('look into fragments, and at what feedback would write', () => {
    expect(isAllowed('classify', 'query { ...F } fragment F on Query { system { version } }')).toBe(false)
    const feedback = (more: string): string =>
      `mutation { recordFeedback(input: { predictionId: "x", correctLabel: "x" ${more} }) { __typename } }`
    expect(isAllowed('classify', feedback('addToDatasetId: null'))).toBe(true)
    expect(isAllowed('classify', feedback('addToDatasetId: "x"'))).toBe(false)
    expect(isAllowed('write', feedback('addToDatasetId: "x"'))).toBe(true)
  })

  it('let nobody walk from a prediction to what only a reader may see', () => {
    const classify = (selection: string, after = ''): string =>
      `mutation { classify(input: { image: { base64: "" }, model: { alias: "x" } }) { ... on ClassifySuccess { prediction { ${selection} } } } } ${after}`
    expect(isAllowed('classify', classify('id label confidence scores { label probability }'))).toBe(true)
    const fragment = 'fragment F on Prediction { image { id } }'
    for (const further of [classify('checkpoint { id }'), classify('image { url }'), classify('...F', fragment)]) {
      expect(isAllowed('classify', further)).toBe(false)
      expect(isAllowed('write', further)).toBe(true)
    }
  })
})
