/** The studio: a page at `/` that finds its way by its own addresses, with everything it loads from this server alone. */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { projectFile } from './config/project-root.js'
import { sendMissing } from './graphql/missing.reply.js'

/** Nothing inline, nothing from elsewhere. `blob:` shows a picture that was chosen and not sent yet. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
const A_YEAR_MS = 365 * 24 * 3600 * 1000

export async function serveStudio(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, {
    root: projectFile('studio', 'dist'),
    preCompressed: true,
    index: false,
    maxAge: A_YEAR_MS,
    immutable: true,
  })
  app.get('/', (_request, reply) => sendPage(reply))
  app.setNotFoundHandler((request, reply) => (asksForPage(request) ? sendPage(reply) : sendMissing(reply)))
}

/** Whether a browser asks for a page: one that the studio shows by its address. */
function asksForPage({ method, headers }: FastifyRequest): boolean {
  return (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html')
}

/** The page itself has no hash in its name: it is asked for each time, and answered by its ETag. */
function sendPage(reply: FastifyReply): FastifyReply {
  return reply.header('content-security-policy', CONTENT_POLICY).sendFile('index.html', { maxAge: 0, immutable: false })
}
