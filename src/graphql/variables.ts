import { valueFromASTUntyped, type OperationDefinitionNode } from 'graphql'

/** A request's variables with the operation's own defaults where it leaves them out: what its fields really get. */
export function withDefaults(
  operation: OperationDefinitionNode,
  given: Record<string, unknown>,
): Record<string, unknown> {
  const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
  )
  const known = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(defaults), ...Object.fromEntries(known) }
}
