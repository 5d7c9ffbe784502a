/** What clients see of an error: a code, and never a stack trace or a database's text. */
import { GraphQLError, type ExecutionResult } from 'graphql'
import type { Logger } from 'pino'
import { causes, isDatabaseOutOfReach } from '../database/out-of-reach.js'
import { codedError, isErrorCode, unavailable } from './errors.js'

/** `requestId` is what the log has the request under: for a bug, clients are told it. */
export type Mask = (error: unknown, requestId: string) => GraphQLError

/** Apollo's codes for requests that are malformed. */
const MALFORMED = new Set([
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
])

export function createMask(log: Logger): Mask {
  return (error, requestId) => {
    const asked = requestError(error)
    if (asked !== undefined) return asked
    const cause = rootCause(error)
    if (isOutOfReach(cause)) return located(unavailable(), error)
    if (isUnstorable(cause))
      return located(codedError('BAD_USER_INPUT', 'Text may not hold the character U+0000.'), error)
    log.error({ err: cause, requestId }, 'A request failed')
    const message = `Something went wrong here; the log has it under ${requestId}.`
    return located(codedError('INTERNAL', message, { id: requestId }), error)
  }
}

export function maskResult(result: ExecutionResult, mask: (error: unknown) => GraphQLError): ExecutionResult {
  return result.errors === undefined ? result : { ...result, errors: result.errors.map(mask) }
}

/** An error that the request itself brought about, told as it is. */
function requestError(error: unknown): GraphQLError | undefined {
  // The parser recurses as deep as the text nests.
  if (error instanceof Error && error.message === 'Maximum call stack size exceeded') return tooDeep()
  if (!(error instanceof GraphQLError)) return undefined
  const coded = codedCause(error)
  if (coded !== undefined) {
    // `http` is for the transport: the status to answer with.
    const { http: _, ...extensions } = coded.extensions
    return located(new GraphQLError(coded.message, { extensions }), error)
  }
  if (/^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(error.message)) {
    return codedError('QUERY_TOO_COMPLEX', error.message)
  }
  if (error.extensions['code'] === 'PERSISTED_QUERY_NOT_FOUND') return codedError('NOT_FOUND', error.message)
  // graphql-js itself: syntax, validation, variables (all without a path), or an argument that a variable filled wrongly.
  const own = error.originalError === undefined || error.originalError instanceof GraphQLError
  const malformed = MALFORMED.has(String(error.extensions['code']))
  if (malformed || (own && (error.path === undefined || error.message.startsWith('Argument "')))) {
    return located(codedError('BAD_USER_INPUT', error.message), error)
  }
  return undefined
}

function tooDeep(): GraphQLError {
  return codedError('QUERY_TOO_COMPLEX', 'The query nests too deep to be read.')
}

function codedCause(error: Error): GraphQLError | undefined {
  if (!(error instanceof GraphQLError)) return undefined
  if (isErrorCode(error.extensions['code'])) return error
  return error.originalError ? codedCause(error.originalError) : undefined
}

function located(error: GraphQLError, where: unknown): GraphQLError {
  if (!(where instanceof GraphQLError)) return error
  const { nodes, source, positions, path } = where
  const place = { nodes: nodes ?? null, source: source ?? null, positions: positions ?? null, path: path ?? null }
  return new GraphQLError(error.message, { ...place, extensions: error.extensions })
}

function rootCause(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? rootCause(error.originalError) : error
}

/** Of storage. */
const OUT_OF_REACH_NAMES = new Set(['StorageUnavailableError', 'StorageFullError'])
const IO = new Set(['EIO', 'ENOSPC'])

export function isOutOfReach(error: unknown): boolean {
  if (isDatabaseOutOfReach(error)) return true
  return [...causes(error)].some((each) => OUT_OF_REACH_NAMES.has(String(each['name'])) || IO.has(String(each['code'])))
}

/** Postgres keeps any text but U+0000. */
function isUnstorable(error: unknown): boolean {
  for (const each of causes(error)) {
    if (each['originalCode'] === '22021' || /invalid byte sequence for encoding|22021/.test(String(each['message'])))
      return true
  }
  return false
}
