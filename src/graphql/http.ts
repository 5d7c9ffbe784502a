/** The Fastify server: who may come in, how much a request may carry, and GraphQL over HTTP. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { ApolloServer } from '@apollo/server'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { HttpContext } from './apollo.js'
import { bodyError, type BodyLimits } from './body.js'
import { badUserInput, codedError } from './errors.js'
import type { Executor } from './execute.js'
import { callerOf } from './http.caller.js'
import { answerError, withStatus } from './http.errors.js'
import type { OriginGuard } from './origin.js'
import { readMultipart, refuseMultipart, type MultipartLimits } from './multipart.js'
import type { Authenticate } from './tokens.js'

export interface HttpOptions {
  readonly limits: BodyLimits & MultipartLimits & { readonly queryBytes: number }
  readonly executor: Executor
  readonly authenticate: Authenticate
  /** Known once the server listens: which names are ours depends on the port. */
  readonly guard: () => OriginGuard
}

export function createHttp(options: HttpOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit: options.limits.bodyBytes,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
    genReqId: requestIdOf,
  })
  app.addHook('onRequest', async (request, reply) => letIn(options.guard(), request, reply))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    parseBody(body as Buffer, options.limits, done)
  })
  // Read once the request may come in: serveGraphql.
  app.addContentTypeParser('multipart/form-data', (_request, _body, done) => done(null))
  app.setErrorHandler((error, _request, reply) => answerError(options.executor, error, reply))
  return app
}

export function sendNothing(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ errors: [codedError('NOT_FOUND', 'There is nothing at this address.')] })
}

const REQUEST_ID = 'x-request-id'

/** A proxy's own, so that its log and ours can be laid side by side; only if it looks like one. */
function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID]
  return typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID()
}

const IDLE_CHECK_MS = 50
/** Less than the ten seconds in which a process stops, with time left for what stops after this. */
const ANSWER_WITHIN_MS = 5_000

/**
 * Lets requests be answered, but not for ever. Node ends only the connections that are idle when closing begins: one that
 * is kept alive after its last answer, or whose request never comes to an end, would hold the process.
 */
export async function closeHttp(app: FastifyInstance): Promise<void> {
  const idle = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS)
  const late = setTimeout(() => app.server.closeAllConnections(), ANSWER_WITHIN_MS)
  await app.close()
  clearInterval(idle)
  clearTimeout(late)
}

export function serveGraphql(app: FastifyInstance, apollo: ApolloServer<HttpContext>, options: HttpOptions): void {
  const handler = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest) => {
      refuseLongQuery(request, options.limits.queryBytes)
      return { caller: await callerOf(options.authenticate, request.headers.authorization), requestId: request.id }
    },
  })
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    preValidation: (request, reply) => takeFiles(request, reply, options),
    handler,
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

/** Ours, and those of the tus protocol. */
const ALLOWED_HEADERS =
  'authorization, content-type, apollo-require-preflight, tus-resumable, upload-length, upload-metadata, upload-offset'

async function letIn(
  guard: OriginGuard,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const { host, origin } = request.headers
  const refusal = guard.refusal({ host, origin })
  if (refusal !== undefined) return reply.code(403).send({ errors: [codedError('FORBIDDEN', refusal)] })
  void reply.header('x-content-type-options', 'nosniff').header(REQUEST_ID, request.id)
  if (!guard.isListed(origin)) return undefined
  void reply.header('access-control-allow-origin', origin).header('vary', 'origin')
  if (request.method !== 'OPTIONS') return undefined
  return reply
    .code(204)
    .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, HEAD')
    .header('access-control-allow-headers', ALLOWED_HEADERS)
    .header('access-control-max-age', '600')
    .send()
}

function parseBody(body: Buffer, limits: BodyLimits, done: (error: Error | null, body?: unknown) => void): void {
  const error = bodyError(body, limits)
  const parsed = error === undefined ? parseJson(body.toString()) : undefined
  if (parsed === undefined) done(error ?? withStatus(badUserInput('The body is not JSON.'), 400))
  else done(null, parsed.value)
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** Before Apollo parses it. */
function refuseLongQuery(request: FastifyRequest, limit: number): void {
  const given = request.method === 'GET' ? request.query : request.body
  const query = typeof given === 'object' && given !== null && 'query' in given ? given.query : undefined
  if (typeof query !== 'string' || Buffer.byteLength(query) <= limit) return
  throw withStatus(codedError('QUERY_TOO_COMPLEX', `The query's text is longer than ${String(limit)} bytes.`), 400)
}
