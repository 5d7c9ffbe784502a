/** Apollo Server as the HTTP face of the shared executor: it speaks the protocol, the executor decides and runs. */
import { randomUUID } from 'node:crypto'
import { ApolloServer, HeaderMap, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { ExecutionResult, FormattedExecutionResult, GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import type { Caller } from './caller.js'
import { MAX_TOKENS, type Executor } from './execute.js'

export interface HttpContext {
  readonly caller: Caller
  readonly requestId: string
}

export async function startApollo(options: {
  schema: GraphQLSchema
  executor: Executor
  log: Logger
}): Promise<ApolloServer<HttpContext>> {
  const apollo = new ApolloServer<HttpContext>({
    schema: options.schema,
    introspection: true,
    csrfPrevention: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
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

/** Answers every operation from the executor, which WebSocket uses too, in place of Apollo's own execution. */
function executeWith(executor: Executor): ApolloServerPlugin<HttpContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async responseForOperation({ document, request, contextValue }) {
          const { operationName, variables } = request
          const result = await executor.execute({ document, operationName, variables, ...contextValue })
          const http = { status: statusOf(result), headers: new HeaderMap() }
          return { http, body: { kind: 'single' as const, singleResult: formatted(result) } }
        },
      }),
  }
}

function formatted({ errors, ...rest }: ExecutionResult): FormattedExecutionResult<Record<string, unknown>> {
  return errors === undefined ? rest : { ...rest, errors: errors.map((error) => error.toJSON()) }
}

/** A request that never ran is a client's error; one that ran answers 200, with whatever errors its fields met. */
function statusOf(result: ExecutionResult): number {
  if ('data' in result) return 200
  return result.errors?.[0]?.extensions['code'] === 'FORBIDDEN' ? 403 : 400
}
