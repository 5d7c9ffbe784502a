import { valueFromASTUntyped, type OperationDefinitionNode } from 'graphql'

/**
 * What an operation's fields really get: its variables, with its own defaults where the request leaves them out. Others
 * that a request brings are not looked at: it may bring a hundred thousand.
 */
export function withDefaults(
  operation: OperationDefinitionNode,
  given: Record<string, unknown>,
): Record<string, unknown> {
  const values = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) => {
    const name = variable.name.value
    if (Object.hasOwn(given, name) && given[name] !== undefined) return [[name, given[name]] as const]
    return defaultValue === undefined ? [] : [[name, valueFromASTUntyped(defaultValue)] as const]
  })
  return Object.fromEntries(values)
}
