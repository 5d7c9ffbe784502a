/** A GraphQL text that carries, for the type checker only, what it answers and what it needs. */
export interface TypedDocument<Result, Variables> {
  readonly text: string
  /** Never called: holds the types. */
  readonly types?: (variables: Variables) => Result
}

export function typedDocument<Result, Variables>(text: string): TypedDocument<Result, Variables> {
  return { text }
}

/** No second argument where an operation takes no variables, an optional one where all of them are optional. */
export type VariablesArgument<Variables> =
  Record<string, never> extends Variables ? [variables?: Variables] : [variables: Variables]
