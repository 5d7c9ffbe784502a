import type { FastifyInstance } from 'fastify'
import type { Health } from './health.js'

/** Live: the process answers. Ready: it can do its work; if not, 503 and why. Neither asks for a token. */
export function serveHealth(app: FastifyInstance, health: Health): void {
  app.get('/health/live', () => ({ status: 'live' }))
  app.get('/health/ready', async (_request, reply) => {
    const { ready, reasons } = await health.readiness()
    return reply.code(ready ? 200 : 503).send(ready ? { status: 'ready' } : { status: 'not ready', reasons })
  })
}
