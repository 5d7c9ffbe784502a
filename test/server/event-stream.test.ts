import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedRun, seedVersion, runIdOf, storeEpoch } from '../runs/rows.js'
import { createTestServer, type TestServer } from './server.js'

let server: TestServer
const READ = 'reader-secret-0123456789'

beforeAll(async () => {
  server = await createTestServer({
    GRAFT_TOKENS: `reader:read:${READ},other:read:other-secret-0123456789`,
    GRAFT_MAX_LIVE_CONNECTIONS: '2',
    GRAFT_MAX_SOCKET_OPERATIONS: '3',
  })
})

afterAll(() => server.close())

const bearer = { authorization: `Bearer ${READ}` }
const EPOCHS = 'subscription($id: ID!) { epochCompleted(trainingRunId: $id) { number } }'

function post(body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${server.url}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer, ...headers },
    body: JSON.stringify(body),
  })
}

function get(parameters: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(`${server.url}/graphql/stream?${new URLSearchParams(parameters).toString()}`, {
    headers: { accept: 'text/event-stream', ...bearer, ...headers },
  })
}

async function events(response: Response): Promise<unknown[]> {
  const text = await response.text()
  return [...text.matchAll(/^event: (\w+)\ndata:(.*)$/gm)].map(([, event, data]) => [
    event,
    data === '' ? null : (JSON.parse(data ?? '') as unknown),
  ])
}

describe('/graphql/stream', () => {
  it('answers queries by GET and POST as one event and its end', async () => {
    const query = 'query($n: String!) { dataset(name: $n) { id } }'
    const expected = [
      ['next', { data: { dataset: null } }],
      ['complete', null],
    ]
    expect(await events(await post({ query, variables: { n: 'x' } }))).toEqual(expected)
    const got = await get({ query, variables: '{"n":"x"}' })
    expect(got.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(await events(got)).toEqual(expected)
  })

  it.each([
    ['no GraphQL', '{', 'BAD_USER_INPUT'],
    ['an unknown field', '{ nothing }', 'BAD_USER_INPUT'],
    ['too complex', `{ ${'__typename '.repeat(21)} }`, 'QUERY_TOO_COMPLEX'],
    ['not allowed', 'mutation { createDataset(input: { name: "x" }) { __typename } }', 'FORBIDDEN'],
    ['about nothing', 'subscription { epochCompleted(trainingRunId: "x") { number } }', 'NOT_FOUND'],
  ])('tells in an event of what is %s', async (_what, query, code) => {
    expect(await events(await post({ query }))).toMatchObject([
      ['next', { errors: [{ extensions: { code } }] }],
      ['complete', null],
    ])
  })

  it('tells by its status of what is no request for events', async () => {
    const query = '{ __typename }'
    expect((await post({ query }, { accept: 'application/json' })).status).toBe(406)
    expect((await post({ query }, { authorization: 'Bearer nonsense' })).status).toBe(401)
    expect((await post({ query: 7 })).status).toBe(400)
    expect((await post([])).status).toBe(400)
    expect((await get({ query, variables: '{' })).status).toBe(400)
    expect((await get({ query: 'mutation { createDataset(input: { name: "x" }) { __typename } }' })).status).toBe(405)
    expect((await get({ query }, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await post({ query }, { 'content-type': 'text/plain' })).status).toBe(415)
  })

  it('holds so many streams and sockets of a token and no more, and others none the less', async () => {
    const version = await seedVersion(server.database.prisma, 'limits')
    const run = await seedRun(server.database.prisma, version)
    await storeEpoch(server.database.prisma, run.id, 1)
    const open = new AbortController()
    const hold = (headers: Record<string, string>) =>
      fetch(`${server.url}/graphql/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
        body: JSON.stringify({ query: EPOCHS, variables: { id: runIdOf(run) } }),
        signal: open.signal,
      })
    expect((await hold(bearer)).status).toBe(200)
    const socket = server.socket(bearer).iterate({ query: EPOCHS, variables: { id: runIdOf(run) } })
    await socket.next()
    const refused = await hold(bearer)
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 10 } }],
    })
    await expect(server.socket(bearer).iterate({ query: '{ __typename }' }).next()).rejects.toMatchObject({
      code: 4429,
    })
    expect((await hold({ authorization: 'Bearer other-secret-0123456789' })).status).toBe(200)
    open.abort()
    await socket.return?.()
    for (let turn = 0; ; turn++) {
      if ((await post({ query: '{ __typename }' })).status === 200) break
      if (turn > 500) throw new Error('Closed streams are still counted')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })

  it('runs so many operations on one socket and no more', async () => {
    const version = await seedVersion(server.database.prisma, 'operations')
    const run = await seedRun(server.database.prisma, version)
    await storeEpoch(server.database.prisma, run.id, 1)
    const client = server.socket({ authorization: 'Bearer other-secret-0123456789' })
    const streams = [1, 2, 3].map(() => client.iterate({ query: EPOCHS, variables: { id: runIdOf(run) } }))
    for (const stream of streams) await stream.next()
    await expect(client.iterate({ query: '{ __typename }' }).next()).rejects.toMatchObject([
      { extensions: { code: 'RATE_LIMITED' } },
    ])
    await streams[0]?.return?.()
    expect(await client.iterate({ query: '{ __typename }' }).next()).toMatchObject({
      value: { data: { __typename: 'Query' } },
    })
  })
})

it('a server that stops ends its streams as a lost connection, never as the end of the run', async () => {
  const stopping = await createTestServer()
  const version = await seedVersion(stopping.database.prisma, 'stopping')
  const run = await seedRun(stopping.database.prisma, version)
  await storeEpoch(stopping.database.prisma, run.id, 1)
  const response = await fetch(
    `${stopping.url}/graphql/stream?${new URLSearchParams({ query: EPOCHS, variables: JSON.stringify({ id: runIdOf(run) }) }).toString()}`,
    { headers: { accept: 'text/event-stream' } },
  )
  const text = response.text()
  await stopping.close()
  expect(await text).not.toContain('complete')
})
