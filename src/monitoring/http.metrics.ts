import type { FastifyInstance } from 'fastify'
import { Gauge, Histogram, type Registry } from 'prom-client'

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Requests by the route that took them: a label never holds an address that a caller made up. Before the routes. */
export function observeHttp(registry: Registry, app: FastifyInstance): void {
  const duration = new Histogram({
    name: 'graft_http_request_duration_seconds',
    help: 'From the first byte of a request to the last of its answer, by route and class of status.',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    duration.observe({ route, status: `${String(Math.floor(reply.statusCode / 100))}xx` }, reply.elapsedTime / 1000)
    done()
  })
}

export function observeSockets(registry: Registry, sockets: { readonly connections: number }): void {
  new Gauge({
    name: 'graft_websocket_connections',
    help: 'Open WebSockets.',
    registers: [registry],
    collect() {
      this.set(sockets.connections)
    },
  })
}
