/** Messages that no client of the protocol sends, over WebSocket. */
import WebSocket from 'ws'
import { ANSWERED, type AbuseCase } from './abuse.case.js'

const INIT = '{"type":"connection_init"}'
const ask = (id: string, query = '{ __typename }'): string =>
  JSON.stringify({ id, type: 'subscribe', payload: { query } })

type Messages = readonly (string | Buffer)[]

/** 0 where the last question is answered as any other. */
const MESSAGES: readonly (readonly [name: string, messages: Messages, closeCode: number])[] = [
  ['a question before the beginning', [ask('1')], 4401],
  ['two beginnings', [INIT, INIT], 4429],
  ['no JSON', [INIT, 'nonsense'], 4400],
  ['a message of no kind', [INIT, '{"type":"evil"}'], 4400],
  ['a message of nothing', [INIT, 'null'], 4400],
  ['a question without text', [INIT, '{"id":"1","type":"subscribe","payload":{}}'], 4400],
  ['bytes', [INIT, Buffer.from([0, 255, 254])], 4400],
  ['one name for two questions', [INIT, ask('1', 'subscription { trainingRunChanged { id } }'), ask('1')], 4409],
  ['a megabyte of text', [INIT, ask('1', `{ __typename } #${'x'.repeat(1_100_000)}`)], 4400],
  ['forty megabytes', [INIT, `{"base64":"${'A'.repeat(40_100_000)}"}`], 1009],
  ['the end of what never began', [INIT, '{"id":"7","type":"complete"}', ask('last')], 0],
  ['thousands of pings', [INIT, ...Array<string>(3_000).fill('{"type":"ping"}'), ask('last')], 0],
  ['thousands of pongs', [INIT, ...Array<string>(3_000).fill('{"type":"pong"}'), ask('last')], 0],
  [
    'more subscriptions than it may have',
    [
      INIT,
      ...Array.from({ length: 300 }, (_, i) => ask(`s${String(i)}`, 'subscription { trainingRunChanged { id } }')),
      '{"id":"s1","type":"complete"}',
      ask('last'),
    ],
    0,
  ],
  [
    'parameters nested without end',
    [`{"type":"connection_init","payload":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`, ask('last')],
    0,
  ],
]

const OTHER_PROTOCOLS = ['graphql-ws', 'evil']

export const SOCKETS: readonly AbuseCase[] = [
  ...MESSAGES.map(([name, messages, code]) => ({
    name: `WebSocket by hand: ${name}`,
    answer: code === 0 ? ANSWERED : String(code),
    send: ({ url }: { url: string }) => endOf(url, messages),
  })),
  {
    name: 'WebSocket by hand: nothing at all',
    answer: '4408',
    limitMs: 4_000,
    send: ({ url }) => endOf(url, []),
  },
  ...OTHER_PROTOCOLS.map((protocol) => ({
    name: `WebSocket by hand: the protocol ${protocol}`,
    // Never opened.
    answer: '1006',
    send: ({ url }: { url: string }) => endOf(url, [INIT, ask('last')], protocol),
  })),
]

/** What the socket was closed with after these messages, or that the last question was answered. */
async function endOf(server: string, messages: Messages, protocol = 'graphql-transport-ws'): Promise<string> {
  const socket = new WebSocket(`${server.replace('http', 'ws')}/graphql`, protocol)
  socket.on('error', () => undefined)
  const closed = new Promise<string>((resolve) => socket.once('close', (code) => resolve(String(code))))
  const answered = new Promise<string>((resolve) => {
    socket.on('message', (data: Buffer) => {
      if (data.toString().includes('"id":"last"')) resolve(ANSWERED)
    })
  })
  const heard = new Promise<void>((resolve) => socket.once('message', () => resolve()))
  await Promise.race([new Promise((resolve) => socket.once('open', resolve)), closed])
  for (const [turn, message] of messages.entries()) {
    if (socket.readyState === socket.OPEN) socket.send(message)
    // What follows the beginning waits until it was acknowledged.
    if (turn === 0 && messages.length > 1) await Promise.race([heard, closed])
  }
  const end = await Promise.race([closed, answered])
  socket.terminate()
  return end
}
