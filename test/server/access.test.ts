import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { picture } from '../datasets/pictures.js'
import { createTestServer, type TestServer } from './server.js'

let server: TestServer
let guarded: TestServer

const READ = 'reader-secret-0123456789'
const WRITE = 'writer-secret-0123456789'
const CLASSIFY = 'classify-secret-0123456789'

beforeAll(async () => {
  server = await createTestServer({ GRAFT_ORIGINS: 'https://studio.example.org' })
  guarded = await createTestServer({
    GRAFT_TOKENS: `reader:read:${READ},writer:write:${WRITE},phone:classify:${CLASSIFY}`,
  })
})

afterAll(async () => {
  await server.close()
  await guarded.close()
})

function post(body: string, headers: Record<string, string> = {}, to = server) {
  return fetch(`${to.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
}

async function codes(response: Response): Promise<{ status: number; code: string | undefined }> {
  const body = (await response.json()) as { errors?: { extensions: { code: string } }[] }
  return { status: response.status, code: body.errors?.[0]?.extensions.code }
}

/** With headers that fetch would not send. */
function rawRequest(
  headers: Record<string, string>,
  method = 'POST',
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(server.url)
    const sent = request({ host: '127.0.0.1', port, path: '/graphql', method, headers }, (response) => {
      response.resume()
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }))
    })
    sent.on('error', reject)
    sent.end(method === 'POST' ? '{"query":"{__typename}"}' : undefined)
  })
}

function upgradeStatus(headers: Record<string, string>, path = '/graphql'): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws', { headers })
    socket.on('open', () => {
      socket.close()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', () => undefined)
  })
}

describe('whoever may not come in', () => {
  it('is a request with another Host, over HTTP and WebSocket', async () => {
    const json = { 'content-type': 'application/json' }
    expect((await rawRequest({ ...json, host: 'evil.example' })).status).toBe(403)
    expect((await rawRequest({ ...json, host: new URL(server.url).host })).status).toBe(200)
    expect(await upgradeStatus({ host: 'evil.example' })).toBe(403)
    expect(await upgradeStatus({})).toBe(101)
    expect(await upgradeStatus({}, '/elsewhere')).toBe(404)
  })

  it('is a page of an origin that is neither ours nor listed', async () => {
    const json = { 'content-type': 'application/json', host: new URL(server.url).host }
    expect((await rawRequest({ ...json, origin: 'http://evil.example' })).status).toBe(403)
    expect((await rawRequest({ ...json, origin: server.url })).status).toBe(200)
    const listed = await rawRequest({ ...json, origin: 'https://studio.example.org' })
    expect(listed.headers['access-control-allow-origin']).toBe('https://studio.example.org')
    expect((await rawRequest({ ...json, origin: 'https://studio.example.org' }, 'OPTIONS')).status).toBe(204)
    expect(await upgradeStatus({ origin: 'http://evil.example' })).toBe(403)
    expect(await upgradeStatus({ origin: 'https://studio.example.org' })).toBe(101)
  })

  it('is a form of another page: simple requests change nothing', async () => {
    const body = '{"query":"mutation { createDataset(input: { name: \\"forged\\" }) { __typename } }"}'
    expect((await post(body, { 'content-type': 'text/plain' })).status).toBe(415)
    const get = await fetch(`${server.url}/graphql?query=${encodeURIComponent('{ __typename }')}`)
    expect(await codes(get)).toEqual({ status: 400, code: 'BAD_USER_INPUT' })
    const mutation = await fetch(
      `${server.url}/graphql?query=${encodeURIComponent('mutation { createDataset(input: { name: "forged" }) { __typename } }')}`,
      { headers: { 'apollo-require-preflight': '1' } },
    )
    expect(await codes(mutation)).toEqual({ status: 405, code: 'BAD_USER_INPUT' })
    expect((await server.ask('{ dataset(name: "forged") { id } }')).data).toEqual({ dataset: null })
  })
})

describe('malformed and oversized requests', () => {
  it.each([
    ['no JSON', '{"query":'],
    ['a batch', '[{"query":"{__typename}"}]'],
    ['no query', '{}'],
    ['a syntax error', '{"query":"{"}'],
    ['an unknown field', '{"query":"{ nothing }"}'],
    ['a subscription over HTTP', '{"query":"subscription { importProgress(importId: \\"x\\") { state } }"}'],
    ['no such operation', '{"query":"query A { __typename }","operationName":"B"}'],
    [
      'a violated @oneOf',
      '{"query":"mutation($s: ImportSource!) { importImages(input: { datasetId: \\"x\\", source: $s }) { __typename } }","variables":{"s":{}}}',
    ],
    ['a page that is too large', '{"query":"{ datasets(first: 101) { totalCount } }"}'],
    ['a page of none', '{"query":"{ datasets(first: 0) { totalCount } }"}'],
    ['a cursor of nobody', '{"query":"{ datasets(after: \\"x\\") { totalCount } }"}'],
    [
      'a NUL character',
      '{"query":"query($n: String!) { dataset(name: \\"x\\") { images(label: $n) { totalCount } } }","variables":{"n":"\\u0000"}}',
    ],
  ])('%s is BAD_USER_INPUT', async (what, body) => {
    if (what === 'a NUL character') await server.ask('mutation { createDataset(input: { name: "x" }) { __typename } }')
    expect((await codes(await post(body))).code).toBe('BAD_USER_INPUT')
  })

  it('a cursor of another connection is refused', async () => {
    await server.ask(
      'mutation { a: createDataset(input: { name: "a" }) { __typename } b: createDataset(input: { name: "b" }) { __typename } }',
    )
    const { data } = await server.ask<{ datasets: { pageInfo: { endCursor: string } } }>(
      '{ datasets(first: 1) { pageInfo { endCursor } } }',
    )
    const { errors } = await server.ask(
      'query($after: String) { dataset(name: "a") { images(after: $after) { totalCount } } }',
      {
        after: data?.datasets.pageInfo.endCursor,
      },
    )
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('another connection') as unknown,
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })

  it.each([
    ['deep', `{ node(id: "x") { ... on Image ${'{ dataset { images { nodes '.repeat(5)}{ id }${'} } }'.repeat(5)} } }`],
    ['of many aliases', `{ node(id: "x") { ${Array.from({ length: 51 }, (_, i) => `a${String(i)}: id`).join(' ')} } }`],
    ['of many root fields', `{ ${'__typename '.repeat(21)} }`],
    ['of many directives', `{ __typename ${'@include(if: true) '.repeat(51)} }`],
    ['of many ids', `{ nodes(ids: [${'"x",'.repeat(101)}]) { id } }`],
    ['of long text', `{ __typename } #${'x'.repeat(100_000)}`],
    ['of many tokens', `{ ${'id '.repeat(6000)} }`],
    ['a list nested thousands of times', `{ dataset(name: ${'['.repeat(4900)}) { id } }`],
  ])('a query that is %s is QUERY_TOO_COMPLEX on both transports', async (_what, query) => {
    const { errors } = await server.ask(query)
    expect(errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX')
    const stream = server.socket().iterate({ query })
    const overSocket = await stream.next().then(
      ({ value }) => value as { errors: unknown },
      (thrown: unknown) => ({ errors: thrown }),
    )
    expect(overSocket.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }])
  })

  it('much text is refused, much base64 is not', async () => {
    const query = 'query($n: String!) { dataset(name: $n) { id } }'
    expect((await post(JSON.stringify({ query, variables: { n: 'x'.repeat(1_100_000) } }))).status).toBe(413)
    const base64 = 'A'.repeat(1_500_000)
    const { data } = await server.ask<{ addImage: unknown }>(
      'mutation($input: AddImageInput!) { addImage(input: $input) { __typename } }',
      { input: { datasetId: 'x', label: 'cat', image: { base64 } } },
    )
    expect(data?.addImage).toEqual({ __typename: 'NotFound' })
    expect((await post(`{"query":"{__typename}","variables":{"base64":"${'A'.repeat(40_000_000)}"}}`)).status).toBe(413)
  })
})

describe('tokens', () => {
  const bearer = (secret: string): Record<string, string> => ({ authorization: `Bearer ${secret}` })
  const create = 'mutation { createDataset(input: { name: "tokens" }) { __typename } }'

  it('are needed for everything but health', async () => {
    expect(await codes(await post('{"query":"{ __typename }"}', {}, guarded))).toEqual({
      status: 401,
      code: 'UNAUTHENTICATED',
    })
    expect(
      (await guarded.ask('{ __typename }', {}, bearer('wrong-secret-0123456789'))).errors?.[0]?.extensions.code,
    ).toBe('UNAUTHENTICATED')
    expect((await fetch(`${guarded.url}/health/ready`)).status).toBe(200)
    expect((await fetch(`${guarded.url}/images/00000000-0000-0000-0000-000000000000`)).status).toBe(401)
  })

  it('allow what their scope says', async () => {
    const code = async (query: string, secret: string) =>
      (await guarded.ask(query, {}, bearer(secret))).errors?.[0]?.extensions.code
    expect(await code('{ datasets { totalCount } }', READ)).toBeUndefined()
    expect(await code(create, READ)).toBe('FORBIDDEN')
    expect(await code(create, CLASSIFY)).toBe('FORBIDDEN')
    expect(await code('{ ...F } fragment F on Query { datasets { totalCount } }', CLASSIFY)).toBe('FORBIDDEN')
    expect(await code('{ __schema { description } }', CLASSIFY)).toBeUndefined()
    expect(await code(create, WRITE)).toBeUndefined()
    expect(await code('{ datasets { totalCount } }', WRITE)).toBeUndefined()
  })

  it.each([
    '($d: ID = "x") { recordFeedback(input: { predictionId: "x", correctLabel: "x", addToDatasetId: $d }) { __typename } }',
    '($i: RecordFeedbackInput! = { predictionId: "x", correctLabel: "x", addToDatasetId: "x" }) { recordFeedback(input: $i) { __typename } }',
  ])('may not do by the default of a variable what they may not do in words: mutation%s', async (rest) => {
    const { errors } = await guarded.ask(`mutation${rest}`, {}, bearer(CLASSIFY))
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })

  it('travel in connectionParams, under the same key', async () => {
    const first = (params: Record<string, unknown>, query: string) =>
      guarded
        .socket(params)
        .iterate({ query })
        .next()
        .then(
          ({ value }) => value as unknown,
          (thrown: unknown) => thrown,
        )
    expect(await first(bearer(READ), '{ datasets { totalCount } }')).toEqual({ data: { datasets: { totalCount: 1 } } })
    expect(await first(bearer(READ), create)).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    expect(await first({}, '{ __typename }')).toMatchObject({ code: 4403 })
  })

  it('sign the addresses of pictures, which browsers ask for without a token', async () => {
    const { data } = await guarded.ask<{ dataset: { id: string } }>(
      '{ dataset(name: "tokens") { id } }',
      {},
      bearer(READ),
    )
    const base64 = (await picture(77, 40)).toString('base64')
    const added = await guarded.ask<{ addImage: { image: { url: string; small: string } } }>(
      'mutation($input: AddImageInput!) { addImage(input: $input) { ... on AddImageSuccess { image { url small: url(size: 10) } } } }',
      { input: { datasetId: data?.dataset.id, label: 'cat', image: { base64 } } },
      bearer(WRITE),
    )
    const { url, small } = added.data?.addImage.image ?? { url: '', small: '' }
    const whole = await fetch(url)
    expect(whole.status).toBe(200)
    expect(Buffer.from(await whole.arrayBuffer()).toString('base64')).toBe(base64)
    expect((await fetch(small)).headers.get('content-type')).toBe('image/jpeg')
    expect((await fetch(small.replace('size=10', 'size=20'))).status).toBe(401)
    expect((await fetch(url.split('?')[0] ?? '')).status).toBe(401)
    expect((await fetch(url.split('?')[0] ?? '', { headers: bearer(READ) })).status).toBe(200)
    expect((await fetch(url.split('?')[0] ?? '', { headers: bearer(CLASSIFY) })).status).toBe(403)
  })
})
