/** Apollo Server as the HTTP face of the shared executor: it speaks the protocol, the executor decides and runs. */
import { randomUUID } from 'node:crypto'
import { ApolloServer, HeaderMap, type ApolloServerPlugin, type GraphQLResponse } from '@apollo/server'
import { InMemoryLRUCache, type KeyValueCache } from '@apollo/utils.keyvaluecache'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { ExecutionResult, FormattedExecutionResult, GraphQLSchema, OperationTypeNode } from 'graphql'
import type { Logger } from 'pino'
import type { Caller } from './caller.js'
import { sha256Of } from '../domain/digest.js'
import type { Documents } from './documents.js'
import type { ErrorCode } from './errors.js'
import type { Executor, ExecutorLimits } from './execute.js'

export interface HttpContext {
  readonly caller: Caller
  readonly requestId: string
  /** Told once the operation was answered, and without errors. */
  readonly answered: (operation: OperationTypeNode) => void
}

export interface ApolloOptions {
  readonly schema: GraphQLSchema
  readonly executor: Executor
  readonly documents: Documents
  readonly limits: Pick<ExecutorLimits, 'tokens'> & { readonly batch: number }
  readonly log: Logger
}

const DOCUMENT_STORE_BYTES = 5_000_000

export async function startApollo(options: ApolloOptions): Promise<ApolloServer<HttpContext>> {
  const apollo = new ApolloServer<HttpContext>({
    schema: options.schema,
    introspection: true,
    csrfPrevention: true,
    persistedQueries: { cache: cacheOf(options.documents) },
    // What is parsed is kept, but no more than this: documents that nobody sends twice would fill it.
    documentStore: new InMemoryLRUCache({ maxSize: DOCUMENT_STORE_BYTES }),
    allowBatchedHttpRequests: options.limits.batch > 1,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: options.limits.tokens },
    // The executor validates, after it has counted what validating would cost.
    dangerouslyDisableValidation: true,
    formatError: (_formatted, error) => options.executor.mask(error, randomUUID()).toJSON(),
    logger: options.log,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      executeWith(options.executor),
    ],
  })
  await apollo.start()
  return apollo
}

/** Where Apollo looks for documents that a request names. */
function cacheOf(documents: Documents): KeyValueCache {
  const hashOf = (key: string): string => key.replace(/^apq:/, '')
  return {
    get: (key) => Promise.resolve(documents.find(hashOf(key))),
    set: (key, text) => {
      documents.register(hashOf(key), text)
      return Promise.resolve()
    },
    delete: () => Promise.resolve(false),
  }
}

/** Answers every operation from the executor, which WebSocket uses too, in place of Apollo's own execution. */
function executeWith(executor: Executor): ApolloServerPlugin<HttpContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async responseForOperation({ document, source, operation, request, contextValue }) {
          const { operationName, variables } = request
          const asked = { document, sha256: sha256Of(source), operationName, variables }
          const result = await executor.execute({ ...asked, ...contextValue })
          if (result.errors === undefined) contextValue.answered(operation.operation)
          const http = { status: statusOf(result), headers: new HeaderMap() }
          return { http, body: { kind: 'single' as const, singleResult: formatted(result) } }
        },
        willSendResponse({ request, response, ...context }) {
          // There is none where the request named no document.
          const source = context.source as string | undefined
          const { http } = response
          const isUnderstood =
            request.http?.headers.get('accept')?.includes('application/graphql-response+json') === true
          const isWellFormed = source !== undefined && http.status === 400 && !isTooComplex(response.body)
          // As application/json has it: the request was fine, it is the document that is not.
          if (isWellFormed && !isUnderstood) http.status = 200
          return Promise.resolve()
        },
      }),
  }
}

function isTooComplex(body: GraphQLResponse['body']): boolean {
  return body.kind === 'single' && body.singleResult.errors?.[0]?.extensions?.['code'] === 'QUERY_TOO_COMPLEX'
}

function formatted({ errors, ...rest }: ExecutionResult): FormattedExecutionResult<Record<string, unknown>> {
  return errors === undefined ? rest : { ...rest, errors: errors.map((error) => error.toJSON()) }
}

const STATUS_OF: Partial<Record<ErrorCode, number>> = { FORBIDDEN: 403, RATE_LIMITED: 429, UNAVAILABLE: 503 }

/** A request that never ran is a client's error; one that ran answers 200, with whatever errors its fields met. */
function statusOf(result: ExecutionResult): number {
  if ('data' in result) return 200
  return STATUS_OF[result.errors?.[0]?.extensions['code'] as ErrorCode] ?? 400
}
