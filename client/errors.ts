/** What can go wrong between a caller and the server, apart from refusals that the schema names. */

interface ErrorEntry {
  readonly message: string
  readonly extensions?: Readonly<Record<string, unknown>> | undefined
}

/** The server answered with `errors`: a bug, a malformed request, a limit or a missing permission. */
export class RequestError extends Error {
  override readonly name = 'RequestError'

  constructor(readonly errors: readonly ErrorEntry[]) {
    super(errors.map((error) => error.message).join('; '))
  }

  /** One of the codes in the API's documentation, e.g. NOT_FOUND. */
  get code(): string | undefined {
    const code = this.errors[0]?.extensions?.['code']
    return typeof code === 'string' ? code : undefined
  }

  get retryAfterSeconds(): number | undefined {
    const seconds = this.errors[0]?.extensions?.['retryAfterSeconds']
    return typeof seconds === 'number' ? seconds : undefined
  }
}

/** No answer, half an answer, or none in GraphQL. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'

  constructor(
    message: string,
    /** The WebSocket's close code or the HTTP status, where there was one. */
    readonly code?: number,
  ) {
    super(message)
  }
}

/** A mutation answered with a refusal of the schema, e.g. NameTaken. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'

  constructor(
    readonly refusal: string,
    message: string,
  ) {
    super(message)
  }
}

interface Answer {
  readonly __typename: string
  readonly message?: string
}

/** The success out of a result union; throws RefusedError for every other member. */
export function accepted<T extends Answer>(result: T): Extract<T, { readonly __typename: `${string}Success` }> {
  if (isSuccess(result)) return result
  throw new RefusedError(result.__typename, result.message ?? result.__typename)
}

function isSuccess<T extends Answer>(result: T): result is Extract<T, { readonly __typename: `${string}Success` }> {
  return result.__typename.endsWith('Success')
}
