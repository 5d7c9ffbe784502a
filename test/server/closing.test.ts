import Fastify from 'fastify'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { closeHttp } from '../../src/graphql/http.js'

const ends: (() => unknown)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

async function serveSlowly(answer: () => Promise<string>) {
  const app = Fastify({ forceCloseConnections: 'idle' })
  app.post('/', answer)
  ends.push(() => app.server.closeAllConnections())
  await app.listen({ host: '127.0.0.1', port: 0 })
  return app
}

it('does not wait for a connection that is kept alive after the answer that closing waited for', async () => {
  let finish: (text: string) => void = () => undefined
  const app = await serveSlowly(() => new Promise((resolve) => (finish = resolve)))
  const asked = once(app.server, 'request')
  const answer = fetch(app.listeningOrigin, { method: 'POST' }).then((response) => response.text())
  await asked
  const startedAt = performance.now()
  const closed = closeHttp(app)
  setTimeout(() => finish('done'), 100)
  expect(await answer).toBe('done')
  await closed
  expect(performance.now() - startedAt).toBeLessThan(4_500)
})

it('cuts off a request whose body never comes to an end, in time for everything else to stop', async () => {
  const app = await serveSlowly(() => Promise.resolve('done'))
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  ends.push(() => socket.destroy())
  socket.on('error', () => undefined)
  socket.write('POST / HTTP/1.1\r\nhost: here\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\nhalf')
  await once(app.server, 'request')
  const startedAt = performance.now()
  await closeHttp(app)
  expect(performance.now() - startedAt).toBeLessThan(10_000)
})
