import { createHash } from 'node:crypto'
import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestServer, type TestServer } from './server.js'

let server: TestServer

beforeAll(async () => {
  server = await createTestServer({ GRAFT_MAX_BATCH: '3', GRAFT_ORIGINS: 'https://studio.example.org' })
})

afterAll(() => server.close())

/** A GET that no page of another site could send. */
const PREFLIGHT = { 'apollo-require-preflight': '1' }

function fetchAsOurClients(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, headers: { ...PREFLIGHT, ...(init.headers as Record<string, string>) } })
}

describe('GraphQL over HTTP', () => {
  it('passes every audit of the specification', async () => {
    const audits = serverAudits({ url: `${server.url}/graphql`, fetchFn: fetchAsOurClients })
    const failed: string[] = []
    for (const audit of audits) {
      const result = await audit.fn()
      if (result.status !== 'ok') failed.push(`${audit.id} ${audit.name}: ${result.reason}`)
    }
    expect(audits.length).toBeGreaterThan(50)
    expect(failed).toEqual([])
  })

  it('takes so many operations in one request and no more, where the settings allow any', async () => {
    const ask = (count: number) =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(Array.from({ length: count }, () => ({ query: '{ __typename }' }))),
      })
    expect(await (await ask(3)).json()).toHaveLength(3)
    expect((await ask(4)).status).toBe(400)
  })
})

describe('persisted queries', () => {
  const text = 'query Names($first: Int!) { datasets(first: $first) { totalCount } }'
  const hash = createHash('sha256').update(text).digest('hex')
  const extensions = { persistedQuery: { version: 1, sha256Hash: hash } }
  const named = (more: Record<string, string> = {}): string =>
    `${server.url}/graphql?${new URLSearchParams({
      extensions: JSON.stringify(extensions),
      variables: '{"first":1}',
      ...more,
    }).toString()}`

  it('are registered by whoever sends hash and text, and named by GET and POST, on every transport', async () => {
    const answer = { data: { datasets: { totalCount: 0 } } }
    const unknown = await fetchAsOurClients(named())
    expect(await unknown.json()).toMatchObject({
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'NOT_FOUND' } }],
    })
    expect(await (await fetchAsOurClients(named({ query: text }))).json()).toEqual(answer)
    expect(await (await fetchAsOurClients(named())).json()).toEqual(answer)
    const body = JSON.stringify({ extensions, variables: { first: 1 } })
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream, application/json' }
    for (const path of ['/graphql', '/graphql/stream']) {
      const posted = await fetch(server.url + path, { method: 'POST', headers, body })
      expect(await posted.text()).toContain('"totalCount":0')
    }
    const socket = server.socket().iterate({ query: '', extensions, variables: { first: 1 } })
    expect((await socket.next()).value).toEqual(answer)
  })

  it('are refused where hash and text do not agree', async () => {
    const response = await fetchAsOurClients(named({ query: '{ __typename }' }))
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
  })

  it('may be kept by who asked for them, and are asked again by their ETag; nothing else is stored', async () => {
    await fetchAsOurClients(named({ query: text }))
    const first = await fetchAsOurClients(named())
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
    const etag = first.headers.get('etag') ?? ''
    const again = await fetchAsOurClients(named(), { headers: { 'if-none-match': etag } })
    expect(again.status).toBe(304)
    await server.ask('mutation { createDataset(input: { name: "new" }) { __typename } }')
    const changed = await fetchAsOurClients(named(), { headers: { 'if-none-match': etag } })
    expect(await changed.json()).toEqual({ data: { datasets: { totalCount: 1 } } })
    const posted = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    })
    expect(posted.headers.get('cache-control')).toBe('no-store')
    expect(posted.headers.get('etag')).toBeNull()
  })
})

describe('answers', () => {
  const INTROSPECTION = '{ __schema { types { name description } } }'
  const post = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    })

  it.each(['br', 'gzip'])('to queries are compressed by %s where that is understood', async (encoding) => {
    const response = await post(INTROSPECTION, { 'accept-encoding': encoding })
    expect(response.headers.get('content-encoding')).toBe(encoding)
    expect(Object.keys((await response.json()) as object)).toEqual(['data'])
    expect((await post(INTROSPECTION, { 'accept-encoding': 'identity' })).headers.get('content-encoding')).toBeNull()
  })

  it('to mutations are not: a secret may be in them', async () => {
    const query = `mutation { createDataset(input: { name: "${'x'.repeat(300)}" }) { ... on InvalidInput { ${Array.from({ length: 40 }, (_, i) => `message${String(i)}: message`).join(' ')} } } }`
    const response = await post(query, { 'accept-encoding': 'gzip' })
    expect((await response.text()).length).toBeGreaterThan(1024)
    expect(response.headers.get('content-encoding')).toBeNull()
  })

  it.each(['/', '/graphql', '/nowhere', '/health/live', '/images/x', '/graphql/stream'])(
    'of %s tell browsers what they may not do with them',
    async (path) => {
      const { headers } = await fetch(server.url + path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    },
  )

  it('are refused to pages of other sites that name no origin', async () => {
    for (const path of ['/graphql', '/graphql/stream']) {
      const ask = (site: string) =>
        fetch(`${server.url}${path}?query={__typename}`, {
          headers: { 'sec-fetch-site': site, accept: 'text/event-stream, application/json', ...PREFLIGHT },
        })
      expect((await ask('cross-site')).status).toBe(403)
      expect((await ask('same-site')).status).toBe(403)
      expect((await ask('same-origin')).status).toBe(200)
      expect((await ask('none')).status).toBe(200)
    }
  })
})
