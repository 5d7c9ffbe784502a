/** Every coded error that a client may meet in `errors`: a malformed request, a limit, a missing permission or a bug. */
import { GraphQLError } from 'graphql'

export const ERROR_CODES = [
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'QUERY_TOO_COMPLEX',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'INTERNAL',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** The seconds after which it is worth asking again when Postgres or storage is out of reach. */
const RETRY_AFTER_SECONDS = 5

export function codedError(code: ErrorCode, message: string, extensions: Record<string, unknown> = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions, code } })
}

export function badUserInput(message: string): GraphQLError {
  return codedError('BAD_USER_INPUT', message)
}

/** For subscriptions, which have no result to put a refusal in. `id` is what the caller wrote. */
export function notFoundError(what: string, id: string): GraphQLError {
  return codedError('NOT_FOUND', `No ${what} has the id "${id}".`)
}

export function unavailable(): GraphQLError {
  return codedError('UNAVAILABLE', 'The database or the storage is out of reach; ask again in a moment.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  })
}

export function rateLimited(message: string, retryAfterSeconds: number): GraphQLError {
  return codedError('RATE_LIMITED', `${message} Ask again in ${String(retryAfterSeconds)} s.`, { retryAfterSeconds })
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return (ERROR_CODES as readonly unknown[]).includes(code)
}
