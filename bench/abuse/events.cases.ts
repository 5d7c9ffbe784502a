/** Server-sent events as no client of the protocol asks for them. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { ANSWERED, type AbuseCase } from './abuse.case.js'

const STREAM = '/graphql/stream?query='
const READERS = 20

const REQUESTS: readonly (readonly [name: string, init: RequestInit, status: number, document?: string])[] = [
  ['no wish for events', { headers: { accept: 'application/json' } }, 406],
  ['a reservation', { method: 'PUT' }, 404],
  ['the end of a stream that is none', { method: 'DELETE' }, 404],
  ['a stream that is named', { headers: { accept: 'text/event-stream', 'x-graphql-event-stream-token': 'x' } }, 200],
  ['a mutation by its address', { headers: { accept: 'text/event-stream' } }, 405, 'mutation{__typename}'],
]

export const EVENTS: readonly AbuseCase[] = [
  ...REQUESTS.map(([name, init, status, document = '{__typename}']) => ({
    name: `server-sent events by hand: ${name}`,
    answer: String(status),
    send: async ({ url }: { url: string }) => {
      const response = await fetch(`${url}${STREAM}${encodeURIComponent(document)}`, init)
      await response.text()
      return String(response.status)
    },
  })),
  { name: 'server-sent events by hand: readers that hang up in the middle', answer: ANSWERED, send: hangUp },
]

async function hangUp({ url }: { url: string }): Promise<string> {
  const { host, port } = new URL(url)
  const address = `${STREAM}${encodeURIComponent('subscription { trainingRunChanged { id } }')}`
  for (let turn = 0; turn < READERS; turn++) {
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(`GET ${address} HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\n\r\n`)
    if (turn % 2 === 0) await once(socket, 'data')
    socket.destroy()
  }
  return ANSWERED
}
