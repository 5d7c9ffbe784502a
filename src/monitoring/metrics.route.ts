import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

/** @param authorise rejects where the `authorization` may not read */
export function serveMetrics(
  app: FastifyInstance,
  { registry, authorise }: { registry: Registry; authorise: (authorization: string | undefined) => Promise<void> },
): void {
  app.get('/metrics', async (request, reply) => {
    await authorise(request.headers.authorization)
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}
