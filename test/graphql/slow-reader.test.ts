/** What a subscriber that does not read costs: the same on both transports, over real sockets. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { buildSchema, type GraphQLSchema } from 'graphql'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { LOCAL_CALLER } from '../../src/graphql/caller.js'
import { Documents } from '../../src/graphql/documents.js'
import { EventStream } from '../../src/graphql/event-stream.js'
import { createExecutor } from '../../src/graphql/execute.js'
import { createHttp } from '../../src/graphql/http.js'
import { LiveConnections } from '../../src/graphql/live-connections.js'
import { createOriginGuard } from '../../src/graphql/origin.js'
import { serveEventStreams } from '../../src/graphql/sse.js'
import { createSocketServer } from '../../src/graphql/websocket.js'

/** More than any kernel holds between two sockets. */
const VALUES = 4_000
const BYTES = 20_000

let made = 0
let ended = 0
async function* values() {
  made = 0
  try {
    for (let n = 0; n < VALUES; n++) {
      made++
      yield await Promise.resolve({ value: `${String(n)} ${'x'.repeat(BYTES)}` })
    }
  } finally {
    ended++
  }
}

function countingSchema(): GraphQLSchema {
  const schema = buildSchema('type Query { ok: Boolean } type Subscription { value: String! }')
  const field = schema.getSubscriptionType()?.getFields()['value']
  if (field !== undefined) field.subscribe = values
  return schema
}

const limits = {
  ...{ depth: 9, aliases: 9, rootFields: 9, breadth: 9, directives: 9, cost: 99, queryBytes: 1000, tokens: 99 },
  ...{ bodyBytes: 1_000_000, bodyTextBytes: 1_000_000, maxImageBytes: 1_000_000, batch: 1, requestSeconds: 60 },
  ...{ classifyPerMinute: 1, classifyAtOnce: 1 },
}
const log = pino({ level: 'silent' })
const documents = new Documents({ trusted: undefined, registeredBytes: 1000 })
const executor = createExecutor({ schema: countingSchema(), limits, documents, log })
const app = await createHttp({
  limits,
  executor,
  authenticate: () => Promise.resolve(LOCAL_CALLER),
  guard: () => guard,
})
let guard = createOriginGuard({ host: '127.0.0.1', port: 0, publicUrl: undefined, origins: [] })
let port = 0
let closeSockets = (): Promise<void> => Promise.resolve()

beforeAll(async () => {
  const live = { limits, executor, authenticate: () => Promise.resolve(LOCAL_CALLER), guard: () => guard }
  const connections = new LiveConnections(10)
  serveEventStreams(app, { ...live, connections })
  const sockets = createSocketServer({ ...live, connections, operations: 10, log })
  closeSockets = () => sockets.close()
  app.server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head))
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as AddressInfo).port
  guard = createOriginGuard({ host: '127.0.0.1', port, publicUrl: undefined, origins: [] })
})

afterAll(async () => {
  await closeSockets()
  await app.close()
})

interface Reader {
  read(): void
  /** The numbers that came, in order, once the stream is complete. */
  readonly numbers: Promise<number[]>
  leave(): void
}

/** Subscribes and reads nothing until it is told to. */
async function overEvents(): Promise<Reader> {
  const socket = connect(port, '127.0.0.1')
  const path = `/graphql/stream?query=${encodeURIComponent('subscription { value }')}`
  socket.pause()
  await once(socket, 'connect')
  socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${String(port)}\r\naccept: text/event-stream\r\n\r\n`)
  return { read: () => void socket.resume(), numbers: numbersOf(socket), leave: () => void socket.destroy() }
}

async function numbersOf(socket: Socket): Promise<number[]> {
  let text = ''
  const numbers: number[] = []
  await new Promise<void>((resolve) => {
    socket.on('error', () => resolve())
    socket.on('close', () => resolve())
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString()
      for (let at = /"value":"(\d+) x+"/.exec(text); at !== null; at = /"value":"(\d+) x+"/.exec(text)) {
        numbers.push(Number(at[1]))
        text = text.slice(at.index + at[0].length)
      }
      if (text.includes('event: complete')) resolve()
    })
  })
  return numbers
}

async function overSocket(): Promise<Reader> {
  const socket = new WebSocket(`ws://127.0.0.1:${String(port)}/graphql`, 'graphql-transport-ws')
  const numbers: number[] = []
  const complete = new Promise<number[]>((resolve) => {
    socket.on('close', () => resolve(numbers))
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      const [, number] = /"value":"(\d+) x/.exec(text) ?? []
      if (number !== undefined) numbers.push(Number(number))
      if (text.includes('"complete"')) resolve(numbers)
    })
  })
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  socket.pause()
  socket.send('{"id":"1","type":"subscribe","payload":{"query":"subscription { value }"}}')
  return { read: () => socket.resume(), numbers: complete, leave: () => socket.terminate() }
}

/** Resolves once nothing more is made for a while. */
async function stillness(): Promise<number> {
  for (let last = -1; last !== made || made === 0; await new Promise((resolve) => setTimeout(resolve, 300))) last = made
  return made
}

describe.each([
  ['server-sent events', overEvents],
  ['a WebSocket', overSocket],
] as const)('a subscriber over %s that does not read', (_name, subscribe) => {
  it('has nothing made for it beyond what the sockets hold, and gets all of it in order when it does read', async () => {
    made = 0
    const reader = await subscribe()
    expect(await stillness()).toBeLessThan(VALUES / 2)
    reader.read()
    expect(await reader.numbers).toEqual(Array.from({ length: VALUES }, (_, n) => n))
  })

  it('lets go of its source when it leaves', async () => {
    made = 0
    const reader = await subscribe()
    await stillness()
    const before = ended
    reader.leave()
    for (let waited = 0; ended === before && waited < 10_000; waited += 20)
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(ended).toBe(before + 1)
  })
})

describe('an event stream', () => {
  async function serve(use: (response: ServerResponse) => void): Promise<{ port: number; close: () => void }> {
    const server = createServer((_request, response) => use(response))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return {
      port: (server.address() as AddressInfo).port,
      close: () => {
        server.closeAllConnections()
        server.close()
      },
    }
  }

  async function* forever(): AsyncGenerator<{ data: { text: string } }> {
    for (;;) yield await Promise.resolve({ data: { text: 'x'.repeat(100_000) } })
  }

  it('says something now and then while there is nothing to say', async () => {
    const server = await serve((response) => {
      const never = new Promise<IteratorResult<object, undefined>>(() => undefined)
      const silent = { next: () => never, [Symbol.asyncIterator]: () => silent }
      void new EventStream(response, {}, 10).send(silent)
    })
    const response = await fetch(`http://127.0.0.1:${String(server.port)}`)
    let text = ''
    for await (const bytes of response.body ?? []) {
      text += Buffer.from(bytes as Uint8Array).toString()
      if (text.length > 20) break
    }
    expect(text).toMatch(/^(:\n\n)+$/)
    server.close()
  })

  it('cuts off whoever takes nothing from one heartbeat to the next', async () => {
    const server = await serve((response) => void new EventStream(response, {}, 100).send(forever()))
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.pause()
    socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n')
    const cut = once(socket, 'close')
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    socket.resume()
    await cut
    server.close()
  })
})
