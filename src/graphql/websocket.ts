/** GraphQL over WebSocket (graphql-transport-ws) on the shared executor. */
import { CloseCode, handleProtocols, makeServer, type Server } from 'graphql-ws'
import { getOperationAST, OperationTypeNode, type ExecutionArgs, type ExecutionResult } from 'graphql'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { bodyError, type BodyLimits } from './body.js'
import type { Caller } from './caller.js'
import { badUserInput } from './errors.js'
import type { Executor, GraphRequest } from './execute.js'
import type { OriginGuard } from './origin.js'
import type { Authenticate } from './tokens.js'

export interface SocketOptions {
  readonly limits: BodyLimits
  readonly executor: Executor
  readonly authenticate: Authenticate
  readonly guard: () => OriginGuard
  readonly log: Logger
}

export interface SocketServer {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells every client to go (1001), and waits a little for them to. */
  close(): Promise<void>
}

interface Extra {
  readonly request: IncomingMessage
  caller?: Caller
}

type Answer = AsyncIterableIterator<ExecutionResult> | ExecutionResult

/** A dead peer is noticed after two of these. */
const PING_MS = 12_000
const CLOSE_WAIT_MS = 2_000

export function createSocketServer(options: SocketOptions): SocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: options.limits.bodyBytes, handleProtocols })
  const protocol = protocolServer(options)
  return {
    upgrade(request, socket, head) {
      const refusal = refuseUpgrade(options.guard(), request)
      if (refusal !== undefined) {
        refuse(socket, refusal)
        return
      }
      sockets.handleUpgrade(request, socket, head, (opened) => serve(opened, request, { protocol, options }))
    },
    async close() {
      const left = [...sockets.clients].map((client) => closed(client))
      for (const client of sockets.clients) client.close(1001, 'The server is stopping')
      await Promise.race([Promise.all(left), new Promise((resolve) => setTimeout(resolve, CLOSE_WAIT_MS).unref())])
      for (const client of sockets.clients) client.terminate()
      sockets.close()
    },
  }
}

function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

function refuseUpgrade(guard: OriginGuard, request: IncomingMessage): { status: string; message: string } | undefined {
  const { host, origin } = request.headers
  const message = guard.refusal({ host, origin })
  if (message !== undefined) return { status: '403 Forbidden', message }
  const path = request.url?.split('?')[0]?.replace(/\/$/, '')
  return path === '/graphql' ? undefined : { status: '404 Not Found', message: 'WebSockets are served at /graphql.' }
}

function refuse(socket: Duplex, { status, message }: { status: string; message: string }): void {
  const length = String(Buffer.byteLength(message))
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\n\r\n${message}`,
  )
}

/** The protocol's state machine; operations are started in `onSubscribe`, so that a refused stream is an `error` message. */
function protocolServer({ executor, authenticate }: SocketOptions): Server<Extra> {
  const answers = new WeakMap<ExecutionArgs, Answer>()
  const answerOf = (args: ExecutionArgs): Answer =>
    answers.get(args) ?? { errors: [badUserInput('No such operation.')] }
  return makeServer<Record<string, unknown>, Extra>({
    onConnect: ({ extra, connectionParams }) => {
      try {
        extra.caller = authenticate(connectionParams?.['authorization'] ?? extra.request.headers.authorization)
        return true
      } catch {
        return false
      }
    },
    onSubscribe: async ({ extra }, _id, payload) => {
      const { query, operationName, variables } = payload
      try {
        if (extra.caller === undefined) throw badUserInput('The connection was not opened.')
        const document = executor.parse(query)
        const request: GraphRequest = { document, operationName, variables: variables ?? {}, caller: extra.caller }
        const answer = await answerTo(executor, request)
        if ('errors' in answer && !('data' in answer)) return answer.errors ?? []
        const args = { document, operationName: operationName ?? null } as ExecutionArgs
        answers.set(args, answer)
        return args
      } catch (error) {
        return [executor.mask(error)]
      }
    },
    execute: answerOf,
    subscribe: answerOf,
    onError: (...[, , , errors]) => errors.map((error) => executor.mask(error).toJSON()),
  })
}

function answerTo(executor: Executor, request: GraphRequest): Promise<Answer> {
  const operation = getOperationAST(request.document, request.operationName)
  return operation?.operation === OperationTypeNode.SUBSCRIPTION
    ? executor.subscribe(request)
    : executor.execute(request)
}

function serve(
  socket: WebSocket,
  request: IncomingMessage,
  { protocol, options }: { protocol: Server<Extra>; options: SocketOptions },
): void {
  socket.on('error', (error) => options.log.debug({ err: error }, 'A WebSocket broke'))
  const stopPinging = keepAlive(socket)
  const ended = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => send(socket, text),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (take) => socket.on('message', (data) => void receive(socket, data, { take, options })),
    },
    { request },
  )
  socket.once('close', (code, reason) => {
    stopPinging()
    ended(code, reason.toString()).catch((error: unknown) =>
      options.log.error({ err: error }, 'A WebSocket did not end well'),
    )
  })
}

function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState === socket.OPEN) socket.send(text, (error) => (error ? reject(error) : resolve()))
    else resolve()
  })
}

async function receive(
  socket: WebSocket,
  data: RawData,
  { take, options }: { take: (text: string) => Promise<void>; options: SocketOptions },
): Promise<void> {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)
  const error = bodyError(bytes, options.limits)
  if (error !== undefined) {
    socket.close(CloseCode.BadRequest, error.message)
    return
  }
  try {
    await take(bytes.toString())
  } catch (cause) {
    options.log.error({ err: cause }, 'A WebSocket message could not be handled')
    socket.close(CloseCode.InternalServerError, 'Internal server error')
  }
}

/** Ends a connection whose other side has gone without a word. */
function keepAlive(socket: WebSocket): () => void {
  let alive = true
  socket.on('pong', () => (alive = true))
  const timer = setInterval(() => {
    if (alive) socket.ping()
    else socket.terminate()
    alive = false
  }, PING_MS)
  return () => clearInterval(timer)
}
