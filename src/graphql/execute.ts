/** The one way from a request to its answer, behind HTTP, WebSocket and SSE: parse, limit, validate, authorise, run, mask. */
import {
  createSourceEventStream,
  execute,
  getOperationAST,
  type GraphQLError,
  OperationTypeNode,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql'
import type { Logger } from 'pino'
import { permissionError } from './authorise.js'
import type { Caller } from './caller.js'
import { contextFor } from './context.js'
import { badUserInput, codedError } from './errors.js'
import { limitError, type QueryLimits } from './limits.js'
import { createMask, maskResult, type Mask } from './mask.js'
import { endingWith, mapStream } from './streams.js'

export interface ExecutorOptions {
  readonly schema: GraphQLSchema
  readonly limits: QueryLimits & { readonly queryBytes: number }
  readonly log: Logger
}

export interface GraphRequest {
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variables?: Record<string, unknown> | null | undefined
  readonly caller: Caller
  /** What the log has it under. */
  readonly requestId: string
}

/** A stream for a subscription that began; a result for everything else. */
export type Answer = AsyncIterableIterator<ExecutionResult> | ExecutionResult

export interface Executor {
  readonly mask: Mask
  /** Throws a coded error for a text that is too long or no GraphQL. */
  parse(source: string, requestId: string): DocumentNode
  /** Queries and mutations, for a transport that answers once. */
  execute(request: GraphRequest): Promise<ExecutionResult>
  /** Any operation, for a transport that can stream. */
  answer(request: GraphRequest): Promise<Answer>
}

export function isStream(answer: Answer): answer is AsyncIterableIterator<ExecutionResult> {
  return Symbol.asyncIterator in answer
}

/** A document of 100 kB may hold 50,000 tokens, and validation compares fields with each other. */
export const MAX_TOKENS = 5_000

export function createExecutor({ schema, limits, log }: ExecutorOptions): Executor {
  const mask = createMask(log)
  const validated = new WeakMap<DocumentNode, readonly GraphQLError[]>()

  function validation(document: DocumentNode): readonly GraphQLError[] {
    const known = validated.get(document)
    if (known !== undefined) return known
    const errors = validate(schema, document, undefined, { maxErrors: 20 })
    validated.set(document, errors)
    return errors
  }

  /** Why the request may not run; empty where it may. */
  function refusals(request: GraphRequest): readonly GraphQLError[] {
    const { document, caller } = request
    const variables = request.variables ?? {}
    const tooMuch = limitError({ schema, document, variables }, limits)
    if (tooMuch !== undefined) return [tooMuch]
    const invalid = validation(document)
    if (invalid.length > 0) return invalid
    const operation = getOperationAST(document, request.operationName)
    if (!operation) return [badUserInput('operationName names no operation of this document.')]
    const forbidden = permissionError(caller, { document, operation, variables })
    return forbidden === undefined ? [] : [forbidden]
  }

  function argumentsFor(request: GraphRequest) {
    return {
      schema,
      document: request.document,
      operationName: request.operationName ?? null,
      variableValues: request.variables ?? {},
      contextValue: contextFor(request.caller),
    }
  }

  const maskFor =
    ({ requestId }: GraphRequest) =>
    (error: unknown) =>
      mask(error, requestId)

  async function subscribe(request: GraphRequest): Promise<Answer> {
    const masked = maskFor(request)
    const errors = refusals(request)
    if (errors.length > 0) return { errors: errors.map(masked) }
    const args = argumentsFor(request)
    const stream = await createSourceEventStream(args)
    if (!(Symbol.asyncIterator in stream)) return maskResult(stream, masked)
    // Each event gets loaders of its own: what an earlier one read may have changed since.
    const results = mapStream(stream, async (rootValue) => {
      const result = await execute({ ...args, rootValue, contextValue: contextFor(request.caller) })
      return maskResult(result, masked)
    })
    return endingWith(results, (error) => ({ errors: [masked(error)] }))
  }

  const executor: Executor = {
    mask,

    parse(source, requestId) {
      if (Buffer.byteLength(source) > limits.queryBytes) {
        throw codedError('QUERY_TOO_COMPLEX', `The query's text is longer than ${String(limits.queryBytes)} bytes.`)
      }
      try {
        return parse(source, { maxLexicalTokens: MAX_TOKENS })
      } catch (error) {
        throw mask(error, requestId)
      }
    },

    async execute(request) {
      if (isSubscription(request)) {
        return { errors: [badUserInput('Subscriptions go over a WebSocket at this address, or to /graphql/stream.')] }
      }
      const masked = maskFor(request)
      const errors = refusals(request)
      if (errors.length > 0) return { errors: errors.map(masked) }
      return maskResult(await execute(argumentsFor(request)), masked)
    },

    answer: (request) => (isSubscription(request) ? subscribe(request) : executor.execute(request)),
  }
  return executor
}

function isSubscription({ document, operationName }: GraphRequest): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION
}
