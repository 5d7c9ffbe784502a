import pino from 'pino'
import { createClient as createEventClient } from 'graphql-sse'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { loadConfig } from '../../src/config/config.js'
import { startServer, type RunningServer } from '../../src/server.js'
import { runIdOf, seedRun, seedVersion, storeEpoch } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'

const ADMIN = { authorization: 'Bearer admin-secret-0123456789' }
const GRAFT_TOKENS = 'boss:admin:admin-secret-0123456789,writer:write:writer-secret-0123456789'

let server: TestServer
/** Another one on the same database. */
let second: RunningServer

beforeAll(async () => {
  server = await createTestServer({ GRAFT_TOKENS })
  const config = loadConfig({
    PORT: '0',
    DATABASE_URL: server.database.url,
    GRAFT_DATA_DIR: server.folder,
    GRAFT_TOKENS,
  })
  second = await startServer({ config, log: pino({ level: 'silent' }) })
})

afterAll(async () => {
  await second.close()
  await server.close()
})

const CREATE = `mutation($input: CreateTokenInput!) { createToken(input: $input) { __typename
  ... on CreateTokenSuccess { secret token { id name scopes createdAt lastUsedAt expiresAt } }
  ... on InvalidInput { issues { path } } ... on NameTaken { name } } }`
const REVOKE = `mutation($id: ID!) { revokeToken(input: { tokenId: $id }) { __typename
  ... on RevokeTokenSuccess { revokedId } ... on NotFound { id } } }`
const LIST = '{ tokens { id name scopes lastUsedAt } }'
const READ = '{ datasets { totalCount } }'

interface Made {
  readonly __typename: string
  readonly secret: string
  readonly token: { readonly id: string; readonly name: string; readonly scopes: string[] }
}

async function create(input: Record<string, unknown>): Promise<Made> {
  const { data } = await server.ask<{ createToken: Made }>(CREATE, { input }, ADMIN)
  if (data === undefined) throw new Error('No token was made')
  return data.createToken
}

const revoke = (id: string) => server.ask<{ revokeToken: unknown }>(REVOKE, { id }, ADMIN)
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })

async function statusAt(url: string, secret: string): Promise<number> {
  const body = JSON.stringify({ query: READ })
  const headers = { 'content-type': 'application/json', ...bearer(secret) }
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).status
}

describe('tokens made through the API', () => {
  it('are shown once, work at once on every server, and are stored as a hash only', async () => {
    const { secret, token } = await create({ name: 'phone', scopes: ['READ', 'READ'] })
    expect(token).toMatchObject({ name: 'phone', scopes: ['READ'], lastUsedAt: null, expiresAt: null })
    expect(await statusAt(second.url, secret)).toBe(200)
    expect(await statusAt(server.url, secret)).toBe(200)
    const rows = await server.database.prisma.$queryRaw`SELECT * FROM api_token`
    expect(JSON.stringify(rows)).not.toContain(secret.split('_').at(-1))
    const list = await server.ask<{ tokens: { name: string }[] }>(LIST, {}, ADMIN)
    expect(list.data?.tokens.map(({ name }) => name)).toEqual(['phone'])
    expect(JSON.stringify(list)).not.toContain(secret.slice(-20))
  })

  it('allow what their scopes say, and only admins may make, list and revoke them', async () => {
    const { secret } = await create({ name: 'classifier', scopes: ['CLASSIFY'] })
    expect((await server.ask(READ, {}, bearer(secret))).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    const writer = bearer('writer-secret-0123456789')
    for (const [query, variables] of [
      [LIST, {}],
      [CREATE, { input: { name: 'x', scopes: ['ADMIN'] } }],
      [REVOKE, { id: 'x' }],
    ] as const) {
      expect((await server.ask(query, variables, writer)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    }
    const { secret: other } = await create({ name: 'deputy', scopes: ['ADMIN'] })
    expect((await server.ask(LIST, {}, bearer(other))).errors).toBeUndefined()
  })

  it('refuse names that are taken or none, no scope, and an end in the past', async () => {
    expect(await create({ name: 'twice', scopes: ['READ'] })).toMatchObject({ __typename: 'CreateTokenSuccess' })
    for (const name of ['twice', 'boss']) {
      expect(await create({ name, scopes: ['READ'] })).toEqual({ __typename: 'NameTaken', name })
    }
    const bad = { name: '', scopes: [], expiresAt: '2020-01-01T00:00:00Z' }
    expect(await create(bad)).toMatchObject({
      __typename: 'InvalidInput',
      issues: [{ path: ['name'] }, { path: ['scopes'] }, { path: ['expiresAt'] }],
    })
    expect((await revoke('nonsense')).data?.revokeToken).toEqual({ __typename: 'NotFound', id: 'nonsense' })
  })

  it('are worth nothing with another secret, revoked or over', async () => {
    const { secret, token } = await create({ name: 'short', scopes: ['READ'] })
    expect(await statusAt(second.url, secret)).toBe(200)
    expect(await statusAt(second.url, `${secret.slice(0, -4)}AAAA`)).toBe(401)
    expect((await revoke(token.id)).data?.revokeToken).toEqual({
      __typename: 'RevokeTokenSuccess',
      revokedId: token.id,
    })
    expect((await revoke(token.id)).data?.revokeToken).toMatchObject({ __typename: 'NotFound' })
    for (let waited = 0; (await statusAt(second.url, secret)) !== 401; waited += 20) {
      if (waited > 20_000) throw new Error('A revoked token goes on')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const over = await create({
      name: 'over',
      scopes: ['READ'],
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    })
    expect(await statusAt(second.url, over.secret)).toBe(200)
    await server.database.prisma.apiToken.updateMany({ where: { name: 'over' }, data: { expiresAt: new Date(0) } })
    expect(await statusAt(server.url, over.secret)).toBe(401)
  })

  it('say when they were last used, to the minute', async () => {
    const { secret } = await create({ name: 'used', scopes: ['READ'] })
    await statusAt(server.url, secret)
    for (let waited = 0; ; waited += 20) {
      const row = await server.database.prisma.apiToken.findUniqueOrThrow({ where: { name: 'used' } })
      if (row.lastUsedAt !== null) break
      if (waited > 10_000) throw new Error('It does not say so')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })
})

type Connect = (url: string, secret: string) => ReturnType<typeof createClient> | ReturnType<typeof createEventClient>

const TRANSPORTS: [name: string, connect: Connect][] = [
  [
    'WebSocket',
    (url, secret) =>
      createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: bearer(secret),
        retryAttempts: 0,
      }),
  ],
  [
    'server-sent events',
    (url, secret) => createEventClient({ url: `${url}/graphql/stream`, headers: bearer(secret), retryAttempts: 0 }),
  ],
]

/** At the second server, with its first epoch taken. */
async function watchRun(connect: Connect, secret: string, id: string) {
  const client = connect(second.url, secret)
  const stream = client.iterate<{ epochCompleted: { number: number } }>({
    query: 'subscription($id: ID!) { epochCompleted(trainingRunId: $id) { number } }',
    variables: { id },
  })
  await stream.next()
  return { client, stream }
}

type Watch = Awaited<ReturnType<typeof watchRun>>

/** The close code of a socket, or the error's of a stream. */
async function howItEnds({ stream }: Watch): Promise<number | string | undefined> {
  const next = stream.next().then(
    ({ value }) => value as unknown,
    (error: unknown) => error,
  )
  const end = (await next) as { code?: number; errors?: { extensions: { code: string } }[] }
  return end.code ?? end.errors?.[0]?.extensions.code
}

const endOver = (name: string): number | string => (name === 'WebSocket' ? 4403 : 'UNAUTHENTICATED')

describe('a token that is revoked', () => {
  it.each(TRANSPORTS)(
    'ends its subscriptions over %s, on another server too, and nobody else’s',
    async (name, connect) => {
      const { prisma } = server.database
      const run = await seedRun(prisma, await seedVersion(prisma, name))
      await storeEpoch(prisma, run.id, 1)
      const { secret, token } = await create({ name: `watcher over ${name}`, scopes: ['READ'] })
      const other = await create({ name: `other over ${name}`, scopes: ['READ'] })
      const mine = await watchRun(connect, secret, runIdOf(run))
      const theirs = await watchRun(connect, other.secret, runIdOf(run))
      const end = howItEnds(mine)
      await revoke(token.id)
      expect(await end).toBe(endOver(name))
      await storeEpoch(prisma, run.id, 2)
      expect((await theirs.stream.next()).value).toEqual({ data: { epochCompleted: { number: 2 } } })
      for (const { client } of [mine, theirs]) await client.dispose()
    },
  )
})

it('a token whose time is over ends its subscriptions, over either transport, though nobody asks with it again', async () => {
  const { prisma } = server.database
  const run = await seedRun(prisma, await seedVersion(prisma, 'expiry'))
  await storeEpoch(prisma, run.id, 1)
  const expiresAt = new Date(Date.now() + 4000).toISOString()
  const { secret } = await create({ name: 'for a moment', scopes: ['READ'], expiresAt })
  const watches = await Promise.all(
    TRANSPORTS.map(async ([name, connect]) => ({ name, watch: await watchRun(connect, secret, runIdOf(run)) })),
  )
  for (const { name, watch } of watches) expect(await howItEnds(watch), name).toBe(endOver(name))
  for (const { watch } of watches) await watch.client.dispose()
})
