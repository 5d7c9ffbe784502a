/** One request over each transport, and what it answered: for tables of cases that all three must hold. */
import type { TestServer } from './server.js'

export interface TransportAnswer {
  readonly data?: unknown
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

export type Ask = (server: TestServer, body: object, headers?: Record<string, string>) => Promise<TransportAnswer>

async function overHttp(server: TestServer, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return (await response.json()) as TransportAnswer
}

async function overSocket(server: TestServer, body: object, headers: Record<string, string> = {}) {
  const client = server.socket(headers)
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

async function overEvents(server: TestServer, body: object, headers: Record<string, string> = {}) {
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
