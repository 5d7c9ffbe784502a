/** One request over each transport, and what it answered: for tables of cases that all three must hold. */
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'

export interface TransportAnswer {
  readonly data?: unknown
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

/** @param server its address, without a path */
export type Ask = (
  server: { readonly url: string },
  body: object,
  headers?: Record<string, string>,
) => Promise<TransportAnswer>

const overHttp: Ask = async (server, body, headers = {}) => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return (await response.json()) as TransportAnswer
}

const overSocket: Ask = async (server, body, connectionParams = {}) => {
  const url = `${server.url.replace('http', 'ws')}/graphql`
  const client = createClient({ url, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 })
  const stream = client.iterate({ query: '', ...body })
  try {
    return (await stream.next()).value as TransportAnswer
  } catch (thrown) {
    if (Array.isArray(thrown)) return { errors: thrown as NonNullable<TransportAnswer['errors']> }
    const { code, reason } = thrown as { code?: number; reason?: string }
    return {
      errors: [{ message: reason ?? String(thrown), extensions: { code: CLOSE_CODES[code ?? 0] ?? String(code) } }],
    }
  } finally {
    await stream.return?.()
    await client.dispose()
  }
}

/** What other transports say in words. */
const CLOSE_CODES: Record<number, string> = { 4400: 'BAD_USER_INPUT', 4403: 'UNAUTHENTICATED' }

const overEvents: Ask = async (server, body, headers = {}) => {
  const response = await fetch(`${server.url}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const [, data] = /^data: (.*)$/m.exec(text) ?? []
  return JSON.parse(data ?? text) as TransportAnswer
}

export const TRANSPORTS: readonly (readonly [name: string, ask: Ask])[] = [
  ['HTTP', overHttp],
  ['WebSocket', overSocket],
  ['server-sent events', overEvents],
]
