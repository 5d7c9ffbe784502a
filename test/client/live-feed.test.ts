import { buildSchema, GraphQLError } from 'graphql'
import { makeServer } from 'graphql-ws'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createClient } from '../../client/client.js'
import { RequestError } from '../../client/errors.js'

const SDL = `
  type Query { ok: Boolean }
  type Epoch { id: ID! number: Int! trainLoss: Float! trainAccuracy: Float! validationLoss: Float! validationAccuracy: Float!
    macroF1: Float! learningRate: Float! seconds: Float! imagesPerSecond: Float! finishedAt: String! }
  type Subscription { epochCompleted(trainingRunId: ID!, afterEpoch: Int = 0): Epoch! }`

const figures = {
  trainLoss: 1,
  trainAccuracy: 1,
  validationLoss: 1,
  validationAccuracy: 1,
  macroF1: 1,
  learningRate: 1,
}

function epoch(number: number) {
  return { id: String(number), number, ...figures, seconds: 1, imagesPerSecond: 1, finishedAt: 'now' }
}

type Feed = (afterEpoch: number, socket: WebSocket) => AsyncGenerator<ReturnType<typeof epoch>>

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.unstubAllGlobals()
  for (const close of open.splice(0)) await close()
})

/** A server of the real protocol on a real socket, whose feed may cut its own connection. */
async function serve(feed: Feed): Promise<{ url: string; asked: number[]; tokens: unknown[] }> {
  const asked: number[] = []
  const tokens: unknown[] = []
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' })
  server.on('connection', (socket) => {
    const protocol = makeServer({
      schema: buildSchema(SDL),
      onConnect: (context) => {
        tokens.push(context.connectionParams?.['authorization'])
      },
      roots: {
        subscription: {
          epochCompleted: async function* ({ afterEpoch }: { afterEpoch: number }) {
            asked.push(afterEpoch)
            for await (const next of feed(afterEpoch, socket)) yield { epochCompleted: next }
          },
        },
      },
    })
    const closed = protocol.opened(
      {
        protocol: 'graphql-transport-ws',
        send: (data) => {
          socket.send(data)
        },
        close: (code, reason) => {
          socket.close(code, reason)
        },
        onMessage: (take) => socket.on('message', (data: Buffer) => void take(data.toString())),
      },
      {},
    )
    socket.once('close', (code, reason) => void closed(code, reason.toString()))
  })
  await new Promise((resolve) => server.once('listening', resolve))
  open.push(async () => {
    server.clients.forEach((socket) => {
      socket.terminate()
    })
    await new Promise((resolve) => {
      server.close(resolve)
    })
  })
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, asked, tokens }
}

function clientOf(url: string, token?: string) {
  const client = createClient({
    url,
    webSocket: WebSocket,
    ...(token === undefined ? {} : { token }),
    patienceMs: 3_000,
  })
  open.unshift(() => client.close())
  return client
}
async function numbers(feed: AsyncIterable<{ readonly number: number }>): Promise<number[]> {
  const seen: number[] = []
  for await (const { number } of feed) seen.push(number)
  return seen
}

it('yields every epoch once over a connection that is cut again and again', async () => {
  const server = await serve(async function* (afterEpoch, socket) {
    yield epoch(afterEpoch + 1)
    if (afterEpoch + 1 >= 5) return
    yield epoch(afterEpoch + 2)
    await new Promise((resolve) => setTimeout(resolve, 20))
    socket.terminate()
    await new Promise((resolve) => socket.once('close', resolve))
  })
  expect(await numbers(clientOf(server.url).watchTrainingRun('run'))).toEqual([1, 2, 3, 4, 5])
  expect(server.asked).toEqual([0, 2, 4])
})

it('passes over an epoch that a server repeats', async () => {
  const server = await serve(async function* () {
    for (const number of [1, 1, 2, 1, 2, 3]) yield await Promise.resolve(epoch(number))
  })
  expect(await numbers(clientOf(server.url).watchTrainingRun('run', { afterEpoch: 1 }))).toEqual([2, 3])
})

it('asks again after the time that an unavailable server names', async () => {
  let asked = 0
  const server = await serve(async function* () {
    if (++asked === 1)
      throw new GraphQLError('no database', { extensions: { code: 'UNAVAILABLE', retryAfterSeconds: 0.05 } })
    yield await Promise.resolve(epoch(1))
  })
  expect(await numbers(clientOf(server.url).watchTrainingRun('run'))).toEqual([1])
  expect(asked).toBe(2)
})

it('throws what the server refuses instead of asking again', async () => {
  const server = await serve((afterEpoch) => {
    throw new GraphQLError(`no run after ${String(afterEpoch)}`, { extensions: { code: 'NOT_FOUND' } })
  })
  const error = await numbers(clientOf(server.url).watchTrainingRun('run')).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(RequestError)
  expect((error as RequestError).code).toBe('NOT_FOUND')
  expect(server.asked).toHaveLength(1)
})

it('gives up on an address where nobody answers once its patience is over', async () => {
  const client = createClient({ url: 'http://127.0.0.1:9', webSocket: WebSocket, patienceMs: 200 })
  await expect(numbers(client.watchTrainingRun('run'))).rejects.toThrow('ECONNREFUSED')
})

it('stops waiting when its signal is aborted', async () => {
  const server = await serve(async function* (_, socket) {
    yield epoch(1)
    await new Promise((resolve) => socket.once('close', resolve))
  })
  const stop = new AbortController()
  const seen: number[] = []
  const watching = (async () => {
    for await (const { number } of clientOf(server.url).watchTrainingRun('run', { signal: stop.signal })) {
      seen.push(number)
      stop.abort(new Error('enough'))
    }
  })()
  await expect(watching).rejects.toThrow('enough')
  expect(seen).toEqual([1])
})

it('carries its token in the connection parameters', async () => {
  const server = await serve(async function* () {
    yield await Promise.resolve(epoch(1))
  })
  await numbers(clientOf(server.url, 'a-secret-of-enough-length').watchTrainingRun('run'))
  expect(server.tokens).toEqual(['Bearer a-secret-of-enough-length'])
})

it('says what to hand in where the platform has no WebSocket', async () => {
  vi.stubGlobal('WebSocket', undefined)
  const epochs = createClient({ url: 'http://127.0.0.1:9' }).watchTrainingRun('x')
  await expect(epochs[Symbol.asyncIterator]().next()).rejects.toThrow('hand createClient one as `webSocket`')
})
