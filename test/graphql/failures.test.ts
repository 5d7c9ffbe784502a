/** What a request or a connection is answered that fails while it is served, and what the log keeps of it. */
import { once } from 'node:events'
import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { buildSchema } from 'graphql'
import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import WebSocket from 'ws'
import type { Caller } from '../../src/graphql/caller.js'
import { codedError } from '../../src/graphql/errors.js'
import { Documents } from '../../src/graphql/documents.js'
import { createExecutor } from '../../src/graphql/execute.js'
import { createHttp } from '../../src/graphql/http.js'
import { LiveConnections } from '../../src/graphql/live-connections.js'
import { createOriginGuard } from '../../src/graphql/origin.js'
import { createSocketServer } from '../../src/graphql/websocket.js'

const limits = {
  ...{ depth: 9, aliases: 9, rootFields: 9, breadth: 9, directives: 9, cost: 99, queryBytes: 1000, tokens: 99 },
  ...{ bodyBytes: 1_000_000, bodyTextBytes: 1_000_000, maxImageBytes: 1_000_000, batch: 1, requestSeconds: 60 },
  ...{ classifyPerMinute: 1, classifyAtOnce: 1 },
}
const logged: string[] = []
const log = pino({ level: 'warn' }, { write: (line) => void logged.push(line) })
const documents = new Documents({ trusted: undefined, registeredBytes: 1000 })
const executor = createExecutor({ schema: buildSchema('type Query { ok: Boolean }'), limits, documents, log })
const outOfReach = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })

let app: FastifyInstance
let port = 0
let refusal: Error = outOfReach
let picture = new Readable({ read: () => undefined })
let closeSockets = (): Promise<void> => Promise.resolve()

beforeAll(async () => {
  const authenticate = (): Promise<Caller> => Promise.reject(refusal)
  const guard = () => createOriginGuard({ host: '127.0.0.1', port, publicUrl: undefined, origins: [] })
  app = await createHttp({ limits, executor, authenticate, guard })
  app.get('/slow', (_request, reply) => reply.send(picture))
  app.get('/dark', () => Promise.reject(outOfReach))
  app.get('/broken', () => Promise.reject(new Error('a bug')))
  const connections = new LiveConnections(10)
  const sockets = createSocketServer({ limits, executor, authenticate, guard, connections, operations: 10, log })
  closeSockets = () => sockets.close()
  app.server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head))
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as AddressInfo).port
})

afterAll(async () => {
  await closeSockets()
  await app.close()
})

it('logs nothing where a browser leaves before the first byte of its picture', async () => {
  picture = new Readable({ read: () => undefined })
  const arrived = once(app.server, 'request')
  const request = get({ port, host: '127.0.0.1', path: '/slow' })
  request.on('error', () => undefined)
  await arrived
  await new Promise((resolve) => setTimeout(resolve, 50))
  request.destroy()
  await once(picture, 'close')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(logged).toEqual([])
})

it('answers 503 while the database is out of reach, and 500 with a line in the log for a bug', async () => {
  const [dark, broken] = await Promise.all(
    ['dark', 'broken'].map((path) => fetch(`http://127.0.0.1:${String(port)}/${path}`)),
  )
  expect(dark?.status).toBe(503)
  expect(await dark?.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] })
  expect(broken?.status).toBe(500)
  expect(logged.splice(0)).toEqual([expect.stringContaining('a bug')])
})

async function closeCode(): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${String(port)}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  const [code] = (await once(socket, 'close')) as [number]
  return code
}

it('closes a socket as forbidden only where the token is: a client that may try again later is told so', async () => {
  expect(await closeCode()).toBe(1013)
  refusal = codedError('UNAUTHENTICATED', 'No such token.')
  expect(await closeCode()).toBe(4403)
})
