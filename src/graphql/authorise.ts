/** Which scope each operation needs: the one table of permissions. */
import {
  type GraphQLError,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql'
import type { TokenScope } from '../config/token.setting.js'
import type { Caller } from './caller.js'
import { codedError } from './errors.js'
import { withDefaults } from './variables.js'

type Needed = TokenScope | ((args: Record<string, unknown>) => TokenScope)

/** Whatever is not named here needs `read` in a query or subscription, and `write` in a mutation. */
const SCOPE_OF: Readonly<Record<string, Needed>> = {
  'query.embedding': 'classify',
  'mutation.classify': 'classify',
  'mutation.createUpload': 'classify',
  'mutation.recordFeedback': (args) => (hasAddTo(args['input']) ? 'write' : 'classify'),
}

function hasAddTo(input: unknown): boolean {
  return (
    typeof input === 'object' && input !== null && 'addToDatasetId' in input && (input.addToDatasetId ?? null) !== null
  )
}

/** FORBIDDEN where the caller lacks what one of the operation's fields needs. Introspection needs no scope. */
export function permissionError(
  caller: Caller,
  request: { document: DocumentNode; operation: OperationDefinitionNode; variables: Record<string, unknown> },
): GraphQLError | undefined {
  const variables = withDefaults(request.operation, request.variables)
  for (const field of rootFields(request.document, request.operation.selectionSet)) {
    const name = field.name.value
    if (name.startsWith('__')) continue
    const needed = SCOPE_OF[`${request.operation.operation}.${name}`] ?? byOperation(request.operation)
    const scope = typeof needed === 'string' ? needed : needed(argumentsOf(field, variables))
    if (!caller.scopes.has(scope)) {
      return codedError('FORBIDDEN', `${name} needs the scope ${scope}, which the token "${caller.name}" lacks.`)
    }
  }
  return undefined
}

function byOperation(operation: OperationDefinitionNode): TokenScope {
  return operation.operation === OperationTypeNode.MUTATION ? 'write' : 'read'
}

function argumentsOf(field: FieldNode, variables: Record<string, unknown>): Record<string, unknown> {
  const entries = field.arguments?.map((node) => [node.name.value, valueFromASTUntyped(node.value, variables)] as const)
  return Object.fromEntries(entries ?? [])
}

/** The operation's own fields, those of its fragments included. Runs on validated documents: no fragment in itself. */
export function rootFields(document: DocumentNode, set: SelectionSetNode, seen = new Set<string>()): FieldNode[] {
  return set.selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node]
    if (node.kind === Kind.INLINE_FRAGMENT) return rootFields(document, node.selectionSet, seen)
    if (seen.has(node.name.value)) return []
    seen.add(node.name.value)
    const fragment = document.definitions.find(
      (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === node.name.value,
    )
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFields(document, fragment.selectionSet, seen) : []
  })
}
