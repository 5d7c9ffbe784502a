/** A trainer's own address, for health checks and Prometheus: a trainer answers nothing else. */
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import type { Registry } from 'prom-client'
import { urlOf } from '../config/address.js'
import { closeHttp } from '../graphql/http.js'
import { requireScope } from '../graphql/http.caller.js'
import { answerError } from '../graphql/http.errors.js'
import type { Mask } from '../graphql/mask.js'
import { CLOSED, createOriginGuard, type OriginGuard } from '../graphql/origin.js'
import type { Authenticate } from '../graphql/tokens.js'
import type { Health } from './health.js'
import { serveHealth } from './health.route.js'
import { serveMetrics } from './metrics.route.js'

export interface TrainerListener {
  /** Without a slash at its end. */
  readonly url: string
  close(): Promise<void>
}

export interface TrainerListenerOptions {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  readonly health: Health
  readonly registry: Registry
  readonly authenticate: Authenticate
  readonly mask: Mask
}

export async function listenForHealth(options: TrainerListenerOptions): Promise<TrainerListener> {
  const { host, health, registry, authenticate, mask } = options
  const app = Fastify({ forceCloseConnections: 'idle', routerOptions: { ignoreTrailingSlash: true } })
  let guard: OriginGuard = CLOSED
  app.addHook('onRequest', async (request, reply) => {
    const { host: asked, origin } = request.headers
    const refusal = guard.refusal({ host: asked, origin })
    return refusal === undefined ? undefined : reply.code(403).send({ errors: [{ message: refusal }] })
  })
  app.setErrorHandler((error, _request, reply) => answerError({ mask }, error, reply))
  serveHealth(app, health)
  serveMetrics(app, { registry, authorise: (authorization) => requireScope(authenticate, authorization, 'read') })
  await app.listen({ host, port: options.port })
  const { port } = app.server.address() as AddressInfo
  guard = createOriginGuard({ host, port, publicUrl: undefined, origins: [] })
  return { url: urlOf(host, port), close: () => closeHttp(app) }
}
