import { ConnectionError, RequestError } from './errors.js'

export interface HttpOptions {
  readonly url: string
  readonly token: string | undefined
  readonly fetch: typeof globalThis.fetch
}

interface GraphQLResponse {
  readonly data?: unknown
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[]
}

/** @throws RequestError where the answer has `errors`, ConnectionError where there is no GraphQL answer */
export async function postOperation(options: HttpOptions, text: string, variables: unknown): Promise<unknown> {
  const response = await options
    .fetch(options.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      },
      body: JSON.stringify({ query: text, variables }),
    })
    .catch((error: unknown) => {
      throw new ConnectionError(`${options.url} cannot be reached: ${reasonOf(error)}`)
    })
  const answer = (await response.json().catch(() => undefined)) as GraphQLResponse | undefined
  if (answer?.errors !== undefined && answer.errors.length > 0) throw new RequestError(answer.errors)
  if (answer?.data === undefined) {
    throw new ConnectionError(`${options.url} answered ${String(response.status)}, not in GraphQL`, response.status)
  }
  return answer.data
}

/** fetch says only "fetch failed"; the cause says why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause =
    error.cause instanceof Error ? error.cause.message || (error.cause as { code?: string }).code : undefined
  return cause ?? error.message
}
