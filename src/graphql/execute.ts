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
import { ClassifyQuota, picturesOf, type QuotaLimits } from './classify-quota.js'
import { contextFor } from './context.js'
import { badUserInput, codedError } from './errors.js'
import { sha256Of } from '../domain/digest.js'
import type { Documents, NamedDocument } from './documents.js'
import { limitError, type QueryLimits } from './limits.js'
import { createMask, maskResult, type Mask } from './mask.js'
import { endingWith, mapStream } from './streams.js'
import { withinTime } from './time-limit.js'

export interface ExecutorLimits extends QueryLimits, QuotaLimits {
  readonly queryBytes: number
  /** Words and signs of a document. */
  readonly tokens: number
  readonly requestSeconds: number
}

/** A document that was sent or named, ready to run. */
export interface ReadDocument {
  readonly document: DocumentNode
  /** Of its text. */
  readonly sha256: string
}

export interface ExecutorOptions {
  readonly schema: GraphQLSchema
  readonly limits: ExecutorLimits
  readonly documents: Documents
  readonly log: Logger
}

export interface GraphRequest extends ReadDocument {
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
  /** What a request sent or named. Throws a coded error for what is unknown, too long or no GraphQL. */
  read(named: NamedDocument, requestId: string): ReadDocument
  /** Queries and mutations, for a transport that answers once. */
  execute(request: GraphRequest): Promise<ExecutionResult>
  /** Any operation, for a transport that can stream. */
  answer(request: GraphRequest): Promise<Answer>
}

export function isStream(answer: Answer): answer is AsyncIterableIterator<ExecutionResult> {
  return Symbol.asyncIterator in answer
}

export function createExecutor({ schema, limits, documents, log }: ExecutorOptions): Executor {
  const mask = createMask(log)
  const quota = new ClassifyQuota(limits)
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
    if (!documents.mayRun(caller, request.sha256)) return [untrusted()]
    const tooMuch = limitError({ schema, document, variables }, limits)
    if (tooMuch !== undefined) return [tooMuch]
    const invalid = validation(document)
    if (invalid.length > 0) return invalid
    const operation = getOperationAST(document, request.operationName)
    if (!operation) return [badUserInput('operationName names no operation of this document.')]
    const forbidden = permissionError(caller, { schema, document, operation, variables })
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
      const result = execute({ ...args, rootValue, contextValue: contextFor(request.caller) })
      return maskResult(await withinTime(limits.requestSeconds, result), masked)
    })
    return endingWith(results, { last: (error) => ({ errors: [masked(error)] }), ended: request.caller.ended })
  }

  const executor: Executor = {
    mask,

    read(named, requestId) {
      const text = documents.textOf(named)
      if (Buffer.byteLength(text) > limits.queryBytes) {
        throw codedError('QUERY_TOO_COMPLEX', `The query's text is longer than ${String(limits.queryBytes)} bytes.`)
      }
      try {
        return { document: parse(text, { maxLexicalTokens: limits.tokens }), sha256: sha256Of(text) }
      } catch (error) {
        throw mask(error, requestId)
      }
    },

    async execute(request) {
      const masked = maskFor(request)
      if (isSubscription(request)) {
        return { errors: [badUserInput('Subscriptions go over a WebSocket at this address, or to /graphql/stream.')] }
      }
      const errors = refusals(request)
      if (errors.length > 0) return { errors: errors.map(masked) }
      try {
        const release = quota.take(request.caller, picturesOf(request))
        const result = withinTime(limits.requestSeconds, execute(argumentsFor(request)))
        return maskResult(await result.finally(release), masked)
      } catch (error) {
        return { errors: [masked(error)] }
      }
    },

    answer: (request) => (isSubscription(request) ? subscribe(request) : executor.execute(request)),
  }
  return executor
}

function untrusted(): GraphQLError {
  return codedError(
    'FORBIDDEN',
    'This server runs trusted documents only (GRAFT_TRUSTED_DOCUMENTS); this is none of them.',
  )
}

function isSubscription({ document, operationName }: GraphRequest): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION
}
