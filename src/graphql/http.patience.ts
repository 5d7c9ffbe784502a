/** How long a GraphQL request may take to arrive: connections that send next to nothing are a server's to lose. */
import type { FastifyInstance } from 'fastify'

/** From the request's first header to its last; Node looks at it this often. */
export const SLOW_HEADERS = { headersTimeout: 20_000, connectionsCheckingInterval: 5_000 }
/** Without a byte. */
const SILENCE_MS = 30_000
/** For the whole body: 40 MB over a megabit a second. */
const BODY_MS = 330_000

/** For addresses whose requests are small; uploads have rules of their own. */
export function limitArrival(app: FastifyInstance, isLimited: (url: string) => boolean): void {
  const arriving = new WeakMap<object, () => void>()
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.method === 'POST' && isLimited(request.url)) {
      const { socket } = request.raw
      const cut = (): void => void socket.destroy()
      const timer = setTimeout(cut, BODY_MS)
      socket.setTimeout(SILENCE_MS, cut)
      const arrived = (): void => {
        clearTimeout(timer)
        socket.setTimeout(0)
        socket.off('timeout', cut)
      }
      arriving.set(request, arrived)
      request.raw.once('close', arrived)
    }
    done()
  })
  app.addHook('preHandler', (request, _reply, done) => {
    arriving.get(request)?.()
    done()
  })
}
