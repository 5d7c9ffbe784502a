/** GraphQL over WebSocket (graphql-transport-ws): sockets are let in, listened to, kept alive and closed here. */
import { CloseCode, handleProtocols, type Server } from 'graphql-ws'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { bodyError, type BodyLimits } from './body.js'
import type { OriginGuard } from './origin.js'
import { createProtocol, type ProtocolOptions, type SocketState } from './websocket.protocol.js'

export interface SocketOptions extends ProtocolOptions {
  readonly limits: BodyLimits
  readonly guard: () => OriginGuard
  readonly log: Logger
}

export interface SocketServer {
  readonly connections: number
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells every client to go (1001), and waits a little for them to. */
  close(): Promise<void>
}

/** A dead peer is noticed after two of these. */
const PING_MS = 12_000
const CLOSE_WAIT_MS = 2_000
/** Of answers that a client has not taken. One event is sent at a time: so many come only from questions without end. */
const MAX_BACKLOG_BYTES = 16_000_000

export function createSocketServer(options: SocketOptions): SocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: options.limits.bodyBytes, handleProtocols })
  const protocol = createProtocol(options)
  return {
    get connections() {
      return sockets.clients.size
    },
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

function serve(
  socket: WebSocket,
  request: IncomingMessage,
  { protocol, options }: { protocol: Server<SocketState>; options: SocketOptions },
): void {
  socket.on('error', (error) => options.log.debug({ err: error }, 'A WebSocket broke'))
  socket.on('ping', () => endBacklogged(socket))
  const stopPinging = keepAlive(socket)
  const close = (code: number, reason: string): void => socket.close(code, reason)
  const ended = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => send(socket, text),
      close: (code = CloseCode.InternalServerError, reason = '') => close(code, reason),
      onMessage: (take) => socket.on('message', (data) => void receive(socket, data, { take, options })),
    },
    { request, close },
  )
  socket.once('close', (code, reason) => {
    stopPinging()
    ended(code, reason.toString()).catch((error: unknown) =>
      options.log.error({ err: error }, 'A WebSocket did not end well'),
    )
  })
}

/** Resolves once the text has left this process: what is not taken is not followed by more. */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState === socket.OPEN) socket.send(text, (error) => (error ? reject(error) : resolve()))
    else resolve()
  })
}

/** Whoever asks and asks, and takes no answer. */
function endBacklogged(socket: WebSocket): boolean {
  const isBacklogged = socket.bufferedAmount > MAX_BACKLOG_BYTES
  if (isBacklogged) socket.terminate()
  return isBacklogged
}

async function receive(
  socket: WebSocket,
  data: RawData,
  { take, options }: { take: (text: string) => Promise<void>; options: SocketOptions },
): Promise<void> {
  if (endBacklogged(socket)) return
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
