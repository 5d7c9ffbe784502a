/** Which scope each operation needs: the one table of permissions. */
import {
  BREAK,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { TokenScope } from '../config/token.setting.js'
import type { Caller } from './caller.js'
import { codedError } from './errors.js'
import { withDefaults } from './variables.js'

type Needed = TokenScope | ((args: Record<string, unknown>) => TokenScope)

/** Every field of the three roots. What is forgotten here is for admins, and fails a test. */
export const SCOPE_OF: Readonly<Record<string, Needed>> = {
  ...needing('read', 'query', [
    ...['node', 'nodes', 'datasets', 'dataset', 'trainingRuns', 'compareTrainingRuns'],
    ...['alias', 'aliases', 'predictions', 'explanation', 'neighbours', 'system'],
  ]),
  ...needing('classify', 'query', ['embedding']),
  ...needing('admin', 'query', ['tokens']),
  ...needing('write', 'mutation', [
    ...['createDataset', 'updateDataset', 'deleteDataset', 'importImages', 'cancelImport', 'addImage'],
    ...['relabelImages', 'removeImages', 'renameClass', 'inspectDataset', 'createDatasetVersion'],
    ...['startTrainingRun', 'cancelTrainingRun', 'resumeTrainingRun', 'deleteTrainingRun'],
    ...['evaluateCheckpoint', 'assignAlias', 'revertAlias', 'deleteAlias', 'exportCheckpoint'],
  ]),
  ...needing('classify', 'mutation', ['classify', 'classifyMany', 'createUpload']),
  'mutation.recordFeedback': (args) => (hasAddTo(args['input']) ? 'write' : 'classify'),
  ...needing('admin', 'mutation', ['createToken', 'revokeToken']),
  ...needing('read', 'subscription', [
    ...['epochCompleted', 'trainingProgress', 'trainingRunChanged', 'importProgress', 'evaluationChanged'],
    'datasetHealthChanged',
  ]),
}

function needing(scope: TokenScope, root: 'query' | 'mutation' | 'subscription', fields: readonly string[]) {
  return Object.fromEntries(fields.map((field) => [`${root}.${field}`, scope]))
}

function hasAddTo(input: unknown): boolean {
  return (
    typeof input === 'object' && input !== null && 'addToDatasetId' in input && (input.addToDatasetId ?? null) !== null
  )
}

export interface AskedOperation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Record<string, unknown>
}

/** FORBIDDEN where the caller lacks what one of the operation's fields needs. Introspection needs no scope. */
export function permissionError(caller: Caller, asked: AskedOperation): GraphQLError | undefined {
  const variables = withDefaults(asked.operation, asked.variables)
  for (const field of rootFields(asked.document, asked.operation.selectionSet)) {
    const name = field.name.value
    if (name.startsWith('__')) continue
    const needed = SCOPE_OF[`${asked.operation.operation}.${name}`] ?? 'admin'
    const scope = typeof needed === 'string' ? needed : needed(argumentsOf(field, variables))
    if (!caller.scopes.has(scope)) return forbidden(caller, name, scope)
  }
  const further = caller.scopes.has('read') ? undefined : fieldThatLeadsFurther(asked)
  return further === undefined ? undefined : forbidden(caller, further, 'read')
}

function forbidden({ name }: Caller, field: string, scope: TokenScope): GraphQLError {
  return codedError('FORBIDDEN', `${field} needs the scope ${scope}, which the token "${name}" lacks.`)
}

export function argumentsOf(field: FieldNode, variables: Record<string, unknown>): Record<string, unknown> {
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

/** From what a mutation answers one can walk to everything: whoever may not read gets the thing itself and no other. */
function fieldThatLeadsFurther({ schema, document, operation }: AskedOperation): string | undefined {
  const typeInfo = new TypeInfo(schema)
  const definitions = document.definitions.filter(
    (each) => each === operation || each.kind === Kind.FRAGMENT_DEFINITION,
  )
  let found: string | undefined
  const Field = (field: FieldNode): unknown => {
    const parent = typeInfo.getParentType()
    if (!isNode(parent) || !isNode(typeInfo.getType())) return undefined
    found = `${parent?.name ?? ''}.${field.name.value}`
    return BREAK
  }
  visit({ ...document, definitions }, visitWithTypeInfo(typeInfo, { Field }))
  return found
}

/** A node, or a list of them. */
function isNode(type: GraphQLOutputType | null | undefined): boolean {
  const named = type && getNamedType(type)
  if (!isObjectType(named) && !isInterfaceType(named)) return false
  return named.name === 'Node' || named.name.endsWith('Connection') || named.getInterfaces().some(isNode)
}
