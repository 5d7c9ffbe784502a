/** What one request may ask for, measured through fragments before anything is validated or run. */
import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { codedError } from './errors.js'
import { DEFAULT_FIRST, MAX_FIRST } from './paginate.js'
import { withDefaults } from './variables.js'

export interface QueryLimits {
  readonly depth: number
  readonly aliases: number
  readonly rootFields: number
  /** Fields of one selection, its fragments' included. */
  readonly breadth: number
  readonly directives: number
  /** Fields that an answer may have when every page comes back full: `first` multiplies what is selected below it. */
  readonly cost: number
}

interface Measure {
  readonly depth: number
  readonly breadth: number
  readonly aliases: number
  readonly directives: number
  readonly fields: number
  readonly cost: number
}

const NOTHING: Measure = { depth: 0, breadth: 0, aliases: 0, directives: 0, fields: 0, cost: 0 }

interface Walk {
  readonly schema: GraphQLSchema
  readonly variables: Record<string, unknown>
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Each fragment is measured once, however often it is spread; one that spreads itself counts nothing in itself. */
  readonly measured: Map<string, Measure>
}

type Parent = GraphQLCompositeType | undefined

/** The first limit that any operation of the document passes, or undefined. */
export function limitError(
  request: { schema: GraphQLSchema; document: DocumentNode; variables: Record<string, unknown> },
  limits: QueryLimits,
): GraphQLError | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of request.document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  }
  for (const node of request.document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue
    const variables = withDefaults(node, request.variables)
    const walk: Walk = { schema: request.schema, variables, fragments, measured: new Map() }
    const parent = request.schema.getRootType(node.operation) ?? undefined
    const inside = measureSet(walk, node.selectionSet, parent)
    const own = (node.directives?.length ?? 0) + directivesOf(node.variableDefinitions ?? [])
    const error = passed({ ...inside, directives: inside.directives + own }, limits)
    if (error !== undefined) return error
  }
  return undefined
}

function passed(measure: Measure, limits: QueryLimits): GraphQLError | undefined {
  const checks: [what: string, found: number, limit: number][] = [
    ['levels deep', measure.depth, limits.depth],
    ['aliases', measure.aliases, limits.aliases],
    ['root fields', measure.fields, limits.rootFields],
    ['fields in one selection', measure.breadth, limits.breadth],
    ['directives', measure.directives, limits.directives],
    ['fields in a full answer', measure.cost, limits.cost],
  ]
  for (const [what, found, limit] of checks) {
    if (found > limit) {
      return codedError('QUERY_TOO_COMPLEX', `${String(found)} ${what}; at most ${String(limit)} are allowed.`)
    }
  }
  return undefined
}

function directivesOf(nodes: readonly { directives?: readonly unknown[] | undefined }[]): number {
  return nodes.reduce((sum, node) => sum + (node.directives?.length ?? 0), 0)
}

function measureSet(walk: Walk, set: SelectionSetNode, parent: Parent): Measure {
  return set.selections.map((node) => measureSelection(walk, node, parent)).reduce(both, NOTHING)
}

function both(a: Measure, b: Measure): Measure {
  return {
    depth: Math.max(a.depth, b.depth),
    breadth: Math.max(a.breadth, b.breadth),
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
    fields: a.fields + b.fields,
    cost: a.cost + b.cost,
  }
}

function measureSelection(walk: Walk, node: SelectionNode, parent: Parent): Measure {
  const own: Measure = { ...NOTHING, directives: node.directives?.length ?? 0 }
  if (node.kind === Kind.FIELD) return both(own, measureField(walk, node, parent))
  if (node.kind === Kind.FRAGMENT_SPREAD) return both(own, measureFragment(walk, node.name.value))
  return both(own, measureSet(walk, node.selectionSet, typeNamed(walk, node.typeCondition?.name.value) ?? parent))
}

function measureFragment(walk: Walk, name: string): Measure {
  const known = walk.measured.get(name)
  const fragment = walk.fragments.get(name)
  if (known !== undefined || fragment === undefined) return known ?? NOTHING
  walk.measured.set(name, NOTHING)
  const inside = measureSet(walk, fragment.selectionSet, typeNamed(walk, fragment.typeCondition.name.value))
  const measure = { ...inside, directives: inside.directives + (fragment.directives?.length ?? 0) }
  walk.measured.set(name, measure)
  return measure
}

function measureField(walk: Walk, node: FieldNode, parent: Parent): Measure {
  const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined
  const type = field && getNamedType(field.type)
  const inside = node.selectionSet
    ? measureSet(walk, node.selectionSet, isCompositeType(type) ? type : undefined)
    : NOTHING
  return {
    depth: inside.depth + 1,
    breadth: Math.max(inside.breadth, inside.fields),
    aliases: inside.aliases + (node.alias ? 1 : 0),
    directives: inside.directives,
    fields: 1,
    cost: 1 + inside.cost * times(walk, node, field),
  }
}

/** How often what is below a field comes back at most: `first` of a list, the number of ids of `nodes`. */
function times(walk: Walk, node: FieldNode, field: GraphQLField<unknown, unknown> | undefined): number {
  if (field === undefined) return 1
  const given = (name: string): unknown => {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value
    return value && valueFromASTUntyped(value, walk.variables)
  }
  if (field.args.some((argument) => argument.name === 'first')) {
    const first = given('first') ?? field.args.find((argument) => argument.name === 'first')?.defaultValue
    // What lies outside 1-100 is refused by the list itself.
    return typeof first === 'number' && first > 1 ? Math.min(first, MAX_FIRST) : DEFAULT_FIRST
  }
  const ids = given('ids')
  return Array.isArray(ids) ? Math.max(1, ids.length) : 1
}

function typeNamed(walk: Walk, name: string | undefined): Parent {
  const type = name === undefined ? undefined : walk.schema.getType(name)
  return isCompositeType(type) ? type : undefined
}
