/** Subscriptions over graphql-transport-ws, and what makes a feed outlive a lost connection. */
import { type Client as SocketClient, createClient as createSocketClient } from 'graphql-ws/client'
import { ConnectionError, RequestError } from './errors.js'

const PING_EVERY_MS = 10_000
const PONG_WITHIN_MS = 5_000
/** Close codes after which the same request would only fail again: bad request, unauthorized, forbidden, protocol. */
const FINAL_CLOSE_CODES = [4400, 4401, 4403, 4406, 4409, 4429]
const LONGEST_WAIT_MS = 5_000

export interface SocketOptions {
  readonly url: string
  readonly token: string | undefined
  /** The WebSocket class, where the platform has none of its own (Node 20). */
  readonly webSocket: unknown
}

export function openSocket({ url, token, webSocket }: SocketOptions): SocketClient {
  if (webSocket === undefined && typeof WebSocket === 'undefined')
    throw new Error(
      "Node 20 has no WebSocket of its own: hand createClient one as `webSocket`, such as the ws package's.",
    )
  let pongDue: ReturnType<typeof setTimeout> | undefined
  let socket: { close(code: number, reason: string): void } | undefined
  return createSocketClient({
    url: url.replace(/^http/, 'ws'),
    ...(webSocket === undefined ? {} : { webSocketImpl: webSocket }),
    ...(token === undefined ? {} : { connectionParams: { authorization: `Bearer ${token}` } }),
    // A blind retry would ask again for what was already delivered: `reconnecting` decides what to ask for.
    retryAttempts: 0,
    keepAlive: PING_EVERY_MS,
    on: {
      opened: (opened) => {
        socket = opened as { close(code: number, reason: string): void }
      },
      ping: (received) => {
        if (received) return
        // A peer that vanished without closing would otherwise leave the feed silent for ever.
        pongDue = setTimeout(() => socket?.close(4408, 'no pong'), PONG_WITHIN_MS)
      },
      pong: (received) => {
        if (received) clearTimeout(pongDue)
      },
      closed: () => {
        clearTimeout(pongDue)
      },
    },
  })
}

export interface Operation {
  readonly text: string
  readonly variables: unknown
  readonly signal?: AbortSignal | undefined
}

/** @throws RequestError for what the server refuses, ConnectionError when the connection is lost, the signal's reason */
export async function* listen(socket: SocketClient, { text, variables, signal }: Operation): AsyncGenerator {
  signal?.throwIfAborted()
  const results = socket.iterate<unknown>({ query: text, variables: variables as Record<string, unknown> })
  const stop = (): void => void results.return?.()
  signal?.addEventListener('abort', stop)
  try {
    for await (const result of results) {
      if (result.errors !== undefined) throw new RequestError(result.errors)
      yield result.data
    }
  } catch (error) {
    throw inOurWords(error)
  } finally {
    signal?.removeEventListener('abort', stop)
  }
  signal?.throwIfAborted()
}

/** graphql-ws rejects with an array of errors, a close event or the socket's error event. */
function inOurWords(error: unknown): Error {
  if (error instanceof RequestError) return error
  if (Array.isArray(error)) return new RequestError(error as RequestError['errors'])
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number') {
    const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : ''
    return new ConnectionError(`The connection closed: ${String(error.code)} ${reason}`.trim(), error.code)
  }
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
  return new ConnectionError(`The connection failed: ${message}`)
}

export interface Patience {
  /** How long to try without a single answer before the error is thrown. */
  readonly patienceMs: number
  readonly signal?: AbortSignal | undefined
}

/** Opens the feed again whenever the connection is lost; ends when the feed itself is complete. */
export async function* reconnecting<T>(open: () => AsyncIterable<T>, patience: Patience): AsyncGenerator<T> {
  let failures = 0
  let failingSince = Date.now()
  for (;;) {
    const openedAt = Date.now()
    let heard = false
    try {
      for await (const value of open()) {
        heard = true
        yield value
      }
      return
    } catch (error) {
      // A connection that lived through a ping was a good one, even if there was nothing to hear on it.
      if (heard || Date.now() - openedAt > PING_EVERY_MS + PONG_WITHIN_MS) {
        failures = 0
        failingSince = Date.now()
      }
      const waitMs = waitBeforeRetry(error, failures++)
      if (waitMs === undefined || Date.now() - failingSince > patience.patienceMs) throw error
      await pause(waitMs, patience.signal)
    }
  }
}

/** Undefined for what a second try would not mend. */
function waitBeforeRetry(error: unknown, failures: number): number | undefined {
  if (error instanceof RequestError) {
    return error.code === 'UNAVAILABLE' ? (error.retryAfterSeconds ?? 1) * 1000 : undefined
  }
  if (!(error instanceof ConnectionError) || FINAL_CLOSE_CODES.includes(error.code ?? 0)) return undefined
  return Math.min(LONGEST_WAIT_MS, 100 * 2 ** failures)
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
