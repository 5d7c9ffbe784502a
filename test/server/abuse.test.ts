import { once } from 'node:events'
import { connect } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { ABUSE, FORGED_TOKENS } from './abuse.cases.js'
import { createTestServer, type TestServer } from './server.js'
import { TRANSPORTS } from './transports.js'

let server: TestServer
let guarded: TestServer
let heapBefore = 0

/** On a busy machine; alone each takes a fraction of a second. */
const ANSWER_WITHIN_MS = 15_000
/** What the tests themselves leave, compiled code, and the server's bounded stores of documents. */
const HEAP_MAY_GROW_BYTES = 100_000_000

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

beforeAll(async () => {
  server = await createTestServer({ GRAFT_ORIGINS: 'https://studio.example.org' })
  guarded = await createTestServer({
    GRAFT_TOKENS: 'reader:read:reader-secret-0123456789,writer:write:writer-secret-0123456789',
  })
  // What is made once is made before it is measured.
  for (const [, ask] of TRANSPORTS) for (const [, , body] of ABUSE.slice(0, 5)) await ask(server, body)
  heapBefore = heapAfterCollection()
})

afterEach(async () => {
  expect((await server.ask('{ __typename }')).data).toEqual({ __typename: 'Query' })
})

afterAll(async () => {
  await server.close()
  await guarded.close()
})

describe.each(TRANSPORTS)('over %s', (_name, ask) => {
  it.each(ABUSE)('%s is answered by %s', { timeout: ANSWER_WITHIN_MS }, async (_what, code, body) => {
    const { errors } = await ask(server, body)
    expect(errors?.[0]?.extensions.code).toBe(code)
    expect(JSON.stringify(errors ?? '')).not.toMatch(/ at .*\.[jt]s:|prisma|postgres/i)
  })

  it.each(FORGED_TOKENS)('the authorization %j is none', { timeout: ANSWER_WITHIN_MS }, async (authorization) => {
    const { errors } = await ask(guarded, { query: '{ system { version } }' }, { authorization })
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })
})

/** A request written by hand; the status of its answer, or 'cut' where there is none. */
async function raw(head: readonly string[], body = ''): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  let answer = ''
  socket.on('error', () => undefined)
  socket.on('data', (bytes: Buffer) => (answer += bytes.toString()))
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  for (let waited = 0; !answer.includes('\r\n\r\n') && !socket.closed; waited += 10) {
    if (waited > ANSWER_WITHIN_MS) break
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  socket.destroy()
  return /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'cut'
}

describe('over HTTP by hand', () => {
  const text = '{"query":"{__typename}"}'
  const own = (): string => `host: ${new URL(server.url).host}`
  const json = ['content-type: application/json', `content-length: ${String(text.length)}`]
  const post = (...more: string[]): string[] => ['POST /graphql HTTP/1.1', ...more, ...json]

  it.each<[string, () => string[], string, string?]>([
    ['its own host', () => post(own()), '200'],
    ['no host', () => post(), '400'],
    ['another host', () => post('host: evil.example'), '403'],
    ['a host that begins like ours', () => post(`${own()}.evil.example`), '403'],
    ['a host with a user', () => post(`host: ${new URL(server.url).host}@evil.example`), '403'],
    ['ours behind a user', () => post(`host: evil.example@${new URL(server.url).host}`), '403'],
    ['another port', () => post('host: 127.0.0.1:1'), '403'],
    ['an address in other digits', () => post(`host: 2130706433:${new URL(server.url).port}`), '403'],
    ['two hosts', () => post(own(), 'host: evil.example'), '403'],
    [
      'another host in the address',
      () => ['POST http://evil.example/graphql HTTP/1.1', 'host: evil.example', ...json],
      '403',
    ],
    ['a forwarded host', () => post('host: evil.example', `x-forwarded-host: ${new URL(server.url).host}`), '403'],
    ['the origin null', () => post(own(), 'origin: null'), '403'],
    ['a foreign origin', () => post(own(), 'origin: http://evil.example'), '403'],
    ['a listed origin and more', () => post(own(), 'origin: https://studio.example.org.evil.example'), '403'],
    ['a listed origin without its lock', () => post(own(), 'origin: http://studio.example.org'), '403'],
    ['a page on another port of this machine', () => post(own(), 'origin: http://127.0.0.1:1'), '403'],
    [
      'a body of another length',
      () => ['POST /graphql HTTP/1.1', own(), 'content-type: application/json', 'content-length: 5'],
      '400',
    ],
    ['two lengths', () => post(own(), 'content-length: 3'), '400'],
    ['a length and chunks', () => post(own(), 'transfer-encoding: chunked'), '400'],
    [
      'a negative length',
      () => ['POST /graphql HTTP/1.1', own(), 'content-type: application/json', 'content-length: -1'],
      '400',
    ],
    ['thousands of headers', () => post(own(), ...Array.from({ length: 3000 }, (_, i) => `x-${String(i)}: x`)), '431'],
    ['a long header', () => post(own(), `x-long: ${'x'.repeat(20_000)}`), '431'],
    ['a long address', () => [`GET /graphql?query=${'x'.repeat(20_000)} HTTP/1.1`, own()], '431'],
    ['the method TRACE', () => ['TRACE /graphql HTTP/1.1', own()], '404'],
    ['the method PUT', () => ['PUT /graphql HTTP/1.1', own(), ...json], '404'],
    ['a method of nobody', () => ['EVIL /graphql HTTP/1.1', own()], '400'],
    [
      'another method by header',
      () => [
        'GET /graphql?query=mutation%7B__typename%7D HTTP/1.1',
        own(),
        'x-http-method-override: POST',
        'apollo-require-preflight: 1',
      ],
      '405',
    ],
    ['a path that climbs', () => ['GET /images/..%2f..%2fetc%2fpasswd HTTP/1.1', own()], '404'],
    ['bytes that are no text in the address', () => ['GET /images/%ff%fe HTTP/1.1', own()], '400'],
    ['no HTTP', () => ['\u0016\u0003\u0001'], '400'],
  ])('%s is answered', { timeout: 2 * ANSWER_WITHIN_MS }, async (_what, head, status) => {
    const lines = head()
    const hasBody = lines.some((line) => /^(content-length|transfer-encoding):/.test(line))
    expect(await raw(lines, hasBody ? text : '')).toBe(status)
  })

  it.each<[string, string, string | Buffer, number]>([
    ['plain text', 'text/plain', text, 415],
    ['a form', 'application/x-www-form-urlencoded', 'query=%7B__typename%7D', 415],
    ['a form of parts', 'multipart/form-data; boundary=x', '--x--', 400],
    ['no JSON', 'application/json', '{"query":', 400],
    ['no object', 'application/json', '"x"', 400],
    ['null', 'application/json', 'null', 400],
    ['variables that are a list', 'application/json', '{"query":"{__typename}","variables":["x"]}', 400],
    ['a batch', 'application/json', `[${text},${text}]`, 400],
    ['nothing but brackets', 'application/json', '['.repeat(900_000), 400],
    ['bytes that are no text', 'application/json', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 400],
    [
      'a megabyte of text',
      'application/json',
      JSON.stringify({ query: '{ __typename }', x: 'x'.repeat(1_100_000) }),
      413,
    ],
    ['forty megabytes', 'application/json', JSON.stringify({ base64: 'A'.repeat(40_100_000) }), 413],
  ])('a body of %s is answered', { timeout: ANSWER_WITHIN_MS }, async (_what, type, body, status) => {
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': type }, body })
    expect(response.status).toBe(status)
    await response.text()
  })
})

describe('over a WebSocket by hand', () => {
  const INIT = '{"type":"connection_init"}'
  const ask = (id: string, query = '{ __typename }'): string =>
    JSON.stringify({ id, type: 'subscribe', payload: { query } })

  /** What it was closed with after these messages; 0 if it answered the last `{ __typename }` instead. */
  async function closeCode(messages: readonly (string | Buffer)[], protocol = 'graphql-transport-ws'): Promise<number> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, protocol)
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    const answered = new Promise<number>((resolve) => {
      socket.on('message', (data: Buffer) => {
        if (data.toString().includes('"id":"last"')) resolve(0)
      })
    })
    socket.on('error', () => undefined)
    const heard = new Promise<void>((resolve) => socket.once('message', () => resolve()))
    await Promise.race([new Promise((resolve) => socket.once('open', resolve)), closed])
    for (const [turn, message] of messages.entries()) {
      if (socket.readyState === socket.OPEN) socket.send(message)
      if (turn === 0 && messages.length > 1) await Promise.race([heard, closed])
    }
    const code = await Promise.race([closed, answered])
    socket.terminate()
    return code
  }

  it.each<[string, (string | Buffer)[], number]>([
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
    ['ten thousand pings', [INIT, ...Array<string>(10_000).fill('{"type":"ping"}'), ask('last')], 0],
    ['ten thousand pongs', [INIT, ...Array<string>(10_000).fill('{"type":"pong"}'), ask('last')], 0],
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
  ])('%s is answered', { timeout: 2 * ANSWER_WITHIN_MS }, async (_what, messages, code) => {
    expect(await closeCode(messages)).toBe(code)
  })

  it('nothing at all is waited for a few seconds', { timeout: ANSWER_WITHIN_MS }, async () => {
    expect(await closeCode([])).toBe(4408)
  })

  it.each(['graphql-ws', 'evil'])('the protocol %s is refused', { timeout: ANSWER_WITHIN_MS }, async (protocol) => {
    expect(await closeCode([INIT, ask('last')], protocol)).not.toBe(0)
  })
})

describe('over server-sent events by hand', () => {
  it.each<[string, RequestInit, number]>([
    ['no wish for events', { headers: { accept: 'application/json' } }, 406],
    ['a reservation', { method: 'PUT' }, 404],
    ['the end of a stream that is none', { method: 'DELETE' }, 404],
    ['a stream that is named', { headers: { accept: 'text/event-stream', 'x-graphql-event-stream-token': 'x' } }, 200],
  ])('%s is answered', { timeout: ANSWER_WITHIN_MS }, async (_what, init, status) => {
    const response = await fetch(`${server.url}/graphql/stream?query=%7B__typename%7D`, init)
    expect(response.status).toBe(status)
    await response.text()
  })

  it('readers that hang up in the middle leave nothing behind', { timeout: 2 * ANSWER_WITHIN_MS }, async () => {
    const address = `/graphql/stream?query=${encodeURIComponent('subscription { trainingRunChanged { id } }')}`
    for (let turn = 0; turn < 50; turn++) {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(`GET ${address} HTTP/1.1\r\nhost: ${new URL(server.url).host}\r\naccept: text/event-stream\r\n\r\n`)
      if (turn % 2 === 0) await once(socket, 'data')
      socket.destroy()
    }
  })
})

it('leaves no memory behind', { timeout: 60_000 }, () => {
  expect(heapAfterCollection() - heapBefore).toBeLessThan(HEAP_MAY_GROW_BYTES)
})
