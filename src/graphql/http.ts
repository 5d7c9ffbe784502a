/** The Fastify server: who may come in, and how much a request may carry. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import compress from '@fastify/compress'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { bodyError, type BodyLimits } from './body.js'
import { badUserInput, codedError } from './errors.js'
import type { Executor } from './execute.js'
import { COMPRESS_FROM_BYTES } from './http.answer.js'
import { answerError, withStatus } from './http.errors.js'
import { SECURITY_HEADERS } from './http.headers.js'
import { limitArrival, SLOW_HEADERS } from './http.patience.js'
import type { OriginGuard } from './origin.js'
import type { MultipartLimits } from './multipart.js'
import type { Authenticate } from './tokens.js'

export interface HttpLimits extends BodyLimits {
  readonly queryBytes: number
  /** Operations in one request. */
  readonly batch: number
}

export interface HttpOptions {
  readonly limits: HttpLimits & MultipartLimits
  readonly executor: Executor
  readonly authenticate: Authenticate
  /** Known once the server listens: which names are ours depends on the port. */
  readonly guard: () => OriginGuard
}

export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: options.limits.bodyBytes,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
    genReqId: requestIdOf,
    http: SLOW_HEADERS,
  })
  limitArrival(app, isGraphql)
  // Routes that are declared before it is there cannot compress.
  await app.register(compress, { global: false, threshold: COMPRESS_FROM_BYTES })
  app.addHook('onRequest', async (request, reply) => letIn(options.guard(), request, reply))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    parseBody(body as Buffer, options.limits, done)
  })
  // Read once the request may come in: graphql.route.ts.
  app.addContentTypeParser('multipart/form-data', (_request, _body, done) => done(null))
  app.setErrorHandler((error, _request, reply) => answerError(options.executor, error, reply))
  return app
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

/** Ours, and those of the tus protocol. */
const ALLOWED_HEADERS =
  'authorization, content-type, apollo-require-preflight, tus-resumable, upload-length, upload-metadata, upload-offset'

async function letIn(
  guard: OriginGuard,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const { host, origin } = request.headers
  void reply.headers(SECURITY_HEADERS).header(REQUEST_ID, request.id)
  if (isGraphql(request.url)) void reply.header('cross-origin-resource-policy', 'same-origin')
  const refusal = guard.refusal({ host, origin }) ?? secondHost(request) ?? foreignPage(request)
  if (refusal !== undefined) return reply.code(403).send({ errors: [codedError('FORBIDDEN', refusal)] })
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

function isGraphql(url: string): boolean {
  return /^\/graphql(?:[/?]|$)/.test(url)
}

/** Node takes the first of two; what is before us may have looked at the other. */
function secondHost({ raw }: FastifyRequest): string | undefined {
  const hosts = raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')
  return hosts.length > 1 ? 'A request names one host.' : undefined
}

/** Browsers name no origin where a page only wants an answer and may not read it, but they say that it is another's. */
function foreignPage({ url, headers }: FastifyRequest): string | undefined {
  const site = headers['sec-fetch-site']
  const isForeign = headers.origin === undefined && site !== undefined && site !== 'none' && site !== 'same-origin'
  return isForeign && isGraphql(url) ? 'Pages of other sites may not call this server.' : undefined
}

function parseBody(body: Buffer, limits: HttpLimits, done: (error: Error | null, body?: unknown) => void): void {
  const error = bodyError(body, limits)
  const parsed = error === undefined ? parseJson(body.toString()) : undefined
  if (Array.isArray(parsed?.value) && parsed.value.length > limits.batch) {
    done(withStatus(badUserInput(`At most ${String(limits.batch)} operations in one request.`), 400))
  } else if (parsed === undefined) done(error ?? withStatus(badUserInput('The body is not JSON.'), 400))
  else done(null, parsed.value)
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}
