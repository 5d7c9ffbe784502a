/** HTTP requests written by hand, byte by byte where a client would not send them. */
import { connect } from 'node:net'
import { GIVE_UP_MS, type AbuseCase } from './abuse.case.js'

const TEXT = '{"query":"{__typename}"}'
const JSON_HEAD = ['content-type: application/json', `content-length: ${String(TEXT.length)}`]

const own = (host: string): string => `host: ${host}`
const portOf = (host: string): string => host.split(':')[1] ?? ''
const post = (...more: string[]): string[] => ['POST /graphql HTTP/1.1', ...more, ...JSON_HEAD]

type Head = (host: string) => string[]

const HEADS: readonly (readonly [name: string, head: Head, status: string])[] = [
  ['its own host', (host) => post(own(host)), '200'],
  ['no host', () => post(), '400'],
  ['another host', () => post('host: evil.example'), '403'],
  ['a host that begins like ours', (host) => post(`${own(host)}.evil.example`), '403'],
  ['a host with a user', (host) => post(`host: ${host}@evil.example`), '403'],
  ['ours behind a user', (host) => post(`host: evil.example@${host}`), '403'],
  ['another port', () => post('host: 127.0.0.1:1'), '403'],
  ['an address in other digits', (host) => post(`host: 2130706433:${portOf(host)}`), '403'],
  ['two hosts', (host) => post(own(host), 'host: evil.example'), '403'],
  [
    'another host in the address',
    () => ['POST http://evil.example/graphql HTTP/1.1', 'host: evil.example', ...JSON_HEAD],
    '403',
  ],
  ['a forwarded host', (host) => post('host: evil.example', `x-forwarded-host: ${host}`), '403'],
  ['the origin null', (host) => post(own(host), 'origin: null'), '403'],
  ['a foreign origin', (host) => post(own(host), 'origin: http://evil.example'), '403'],
  ['a listed origin and more', (host) => post(own(host), 'origin: https://studio.example.org.evil.example'), '403'],
  ['a listed origin without its lock', (host) => post(own(host), 'origin: http://studio.example.org'), '403'],
  ['a page on another port of this machine', (host) => post(own(host), 'origin: http://127.0.0.1:1'), '403'],
  [
    'a body of another length',
    (host) => ['POST /graphql HTTP/1.1', own(host), 'content-type: application/json', 'content-length: 5'],
    '400',
  ],
  ['two lengths', (host) => post(own(host), 'content-length: 3'), '400'],
  ['a length and chunks', (host) => post(own(host), 'transfer-encoding: chunked'), '400'],
  [
    'a negative length',
    (host) => ['POST /graphql HTTP/1.1', own(host), 'content-type: application/json', 'content-length: -1'],
    '400',
  ],
  [
    'forty megabytes',
    (host) => ['POST /graphql HTTP/1.1', own(host), 'content-type: application/json', 'content-length: 40000001'],
    '413',
  ],
  [
    'thousands of headers',
    (host) => post(own(host), ...Array.from({ length: 3000 }, (_, i) => `x-${String(i)}: x`)),
    '431',
  ],
  ['a long header', (host) => post(own(host), `x-long: ${'x'.repeat(20_000)}`), '431'],
  ['a long address', (host) => [`GET /graphql?query=${'x'.repeat(20_000)} HTTP/1.1`, own(host)], '431'],
  ['the method TRACE', (host) => ['TRACE /graphql HTTP/1.1', own(host)], '404'],
  ['the method PUT', (host) => ['PUT /graphql HTTP/1.1', own(host), ...JSON_HEAD], '404'],
  ['a method of nobody', (host) => ['EVIL /graphql HTTP/1.1', own(host)], '400'],
  [
    'another method by header',
    (host) => [
      'GET /graphql?query=mutation%7B__typename%7D HTTP/1.1',
      own(host),
      'x-http-method-override: POST',
      'apollo-require-preflight: 1',
    ],
    '405',
  ],
  ['a path that climbs', (host) => ['GET /images/..%2f..%2fetc%2fpasswd HTTP/1.1', own(host)], '404'],
  ['bytes that are no text in the address', (host) => ['GET /images/%ff%fe HTTP/1.1', own(host)], '400'],
  ['no HTTP', () => ['\u0016\u0003\u0001'], '400'],
]

const BODIES: readonly (readonly [name: string, type: string, body: string | Buffer, status: number])[] = [
  ['plain text', 'text/plain', TEXT, 415],
  ['a form', 'application/x-www-form-urlencoded', 'query=%7B__typename%7D', 415],
  ['a form of parts', 'multipart/form-data; boundary=x', '--x--', 400],
  ['no JSON', 'application/json', '{"query":', 400],
  ['no object', 'application/json', '"x"', 400],
  ['null', 'application/json', 'null', 400],
  ['variables that are a list', 'application/json', '{"query":"{__typename}","variables":["x"]}', 400],
  ['a batch', 'application/json', `[${TEXT},${TEXT}]`, 400],
  ['nothing but brackets', 'application/json', '['.repeat(900_000), 400],
  ['bytes that are no text', 'application/json', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 400],
  [
    'a megabyte of text',
    'application/json',
    JSON.stringify({ query: '{ __typename }', x: 'x'.repeat(1_100_000) }),
    413,
  ],
]

/** Each stalls on purpose, and is cut off at a limit that docs/security.md states. */
const STALLING: readonly (readonly [name: string, head: Head, limitMs: number, status: string])[] = [
  ['headers that never end', (host) => ['POST /graphql HTTP/1.1', own(host), 'x-slow: '], 26_000, '408'],
  ['a body that never comes', (host) => post(own(host)), 32_000, 'cut'],
]

export const REQUESTS: readonly AbuseCase[] = [
  ...HEADS.map(([name, head, answer]) => ({
    name: `HTTP by hand: ${name}`,
    answer,
    send: ({ url }: { url: string }) => sendLines(url, head, { isWhole: true }),
  })),
  ...BODIES.map(([name, type, body, status]) => ({
    name: `HTTP by hand: a body of ${name}`,
    answer: String(status),
    send: async ({ url }: { url: string }) => {
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': type }, body })
      await response.text()
      return String(response.status)
    },
  })),
  ...STALLING.map(([name, head, limitMs, answer]) => ({
    name: `HTTP by hand: ${name}`,
    ...{ answer, limitMs },
    send: ({ url }: { url: string }) => sendLines(url, head, { isWhole: false }),
  })),
]

/** The status of the answer, or 'cut' where there is none. */
async function sendLines(url: string, head: Head, { isWhole }: { isWhole: boolean }): Promise<string> {
  const { host } = new URL(url)
  const lines = head(host)
  const hasBody = lines.some((line) => /^(content-length|transfer-encoding):/.test(line))
  const socket = connect(Number(portOf(host)), '127.0.0.1')
  let answer = ''
  const answered = new Promise<void>((resolve) => {
    socket.on('error', () => undefined).once('close', resolve)
    socket.on('data', (bytes: Buffer) => {
      if ((answer += bytes.toString()).includes('\r\n\r\n')) resolve()
    })
    socket.setTimeout(GIVE_UP_MS, resolve)
  })
  const isOpenHead = lines.at(-1)?.endsWith(': ') === true
  socket.write(lines.join('\r\n') + (isOpenHead ? '' : '\r\n\r\n') + (isWhole && hasBody ? TEXT : ''))
  await answered
  socket.destroy()
  return /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'cut'
}
