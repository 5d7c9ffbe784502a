/** GraphQL over HTTP: one operation or a batch, by GET or POST, with files or without. */
import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { OperationTypeNode } from 'graphql'
import type { HttpContext } from './apollo.js'
import { codedError } from './errors.js'
import { sendAnswer } from './http.answer.js'
import { callerOf } from './http.caller.js'
import { withStatus } from './http.errors.js'
import type { HttpOptions } from './http.js'
import { readMultipart, refuseMultipart } from './multipart.js'

export function serveGraphql(app: FastifyInstance, apollo: ApolloServer<HttpContext>, options: HttpOptions): void {
  const answered = new WeakMap<object, OperationTypeNode>()
  const handler = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest) => {
      refuseLongQuery(request, options.limits.queryBytes)
      return {
        caller: await callerOf(options.authenticate, request.headers.authorization),
        requestId: request.id,
        answered: (operation) => answered.set(request, operation),
      }
    },
  })
  app.route<{ Reply: string }>({
    method: ['GET', 'POST'],
    url: '/graphql',
    preValidation: (request, reply) => takeFiles(request, reply, options),
    handler: async (request, reply) => {
      const body = await handler.call(app, request, reply)
      return sendAnswer(String(body), { request, reply, operation: answered.get(request) })
    },
  })
}

/** A multipart request becomes its operation; a stranger's is refused unread. */
async function takeFiles(
  request: FastifyRequest,
  reply: FastifyReply,
  { authenticate, limits }: HttpOptions,
): Promise<void> {
  if (request.headers['content-type']?.startsWith('multipart/form-data') !== true) return
  await callerOf(authenticate, request.headers.authorization)
  const refusal = refuseMultipart(request, limits)
  if (refusal !== undefined) throw refusal
  request.body = await readMultipart(request, reply, limits)
}

/** Before Apollo parses it. */
function refuseLongQuery(request: FastifyRequest, limit: number): void {
  const given = request.method === 'GET' ? request.query : request.body
  const isLong = (part: unknown): boolean => Buffer.byteLength(queryOf(part)) > limit
  if (!(Array.isArray(given) ? given.some(isLong) : isLong(given))) return
  throw withStatus(codedError('QUERY_TOO_COMPLEX', `The query's text is longer than ${String(limit)} bytes.`), 400)
}

function queryOf(given: unknown): string {
  const query = typeof given === 'object' && given !== null && 'query' in given ? given.query : undefined
  return typeof query === 'string' ? query : ''
}
