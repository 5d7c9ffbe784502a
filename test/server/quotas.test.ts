import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestServer, type TestServer } from './server.js'
import { TRANSPORTS } from '../../bench/abuse/transports.js'

/** A token for each transport: each has an account of its own. */
const TOKENS = TRANSPORTS.map((_, i) => `phone${String(i)}:classify:phone-${String(i)}-secret-0123456789`)
const bearer = (i: number) => ({ authorization: `Bearer phone-${String(i)}-secret-0123456789` })
const transports = TRANSPORTS.map(([name, ask], i) => [name, ask, i] as const)

const CLASSIFY = `mutation($alias: String!) {
  classify(input: { model: { alias: $alias }, image: { base64: "x" } }) { __typename }
}`
const CLASSIFY_MANY = `mutation($alias: String!, $images: [ImageSource!]!) {
  classifyMany(input: { model: { alias: $alias }, images: $images }) { __typename }
}`

let server: TestServer
/** Another one, which waits for nothing. */
let hasty: TestServer
beforeAll(async () => {
  server = await createTestServer({
    GRAFT_TOKENS: TOKENS.join(),
    GRAFT_MAX_CLASSIFY_PER_MINUTE: '4',
    GRAFT_MAX_CLASSIFY_AT_ONCE: '3',
  })
  hasty = await createTestServer({ GRAFT_MAX_REQUEST_SECONDS: '1' })
})
afterAll(() => Promise.all([server.close(), hasty.close()]))

it.each(transports)('pictures of a token are counted over %s, those of classifyMany each', async (_name, ask, i) => {
  const variables = { alias: 'nothing' }
  const many = (count: number) => ({
    query: CLASSIFY_MANY,
    variables: { ...variables, images: Array.from({ length: count }, () => ({ base64: 'x' })) },
  })
  const codeOf = async (body: object) => (await ask(server, body, bearer(i))).errors?.[0]?.extensions.code
  expect(await codeOf(many(4)), 'four at once').toBe('RATE_LIMITED')
  expect(await codeOf(many(3)), 'three').toBeUndefined()
  expect(await codeOf({ query: CLASSIFY, variables }), 'the fourth').toBeUndefined()
  const { errors } = await ask(server, many(3), bearer(i))
  expect(errors?.[0]).toMatchObject({
    message: expect.stringContaining('4 pictures a minute') as string,
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) as number },
  })
})

it.each(transports)('an answer that takes too long is given up over %s', async (_name, ask) => {
  const { errors } = await hasty.database.prisma.$transaction(
    async (tx) => {
      await tx.$executeRaw`LOCK TABLE dataset IN ACCESS EXCLUSIVE MODE`
      return ask(hasty, { query: '{ datasets { nodes { id } } }' })
    },
    { timeout: 60_000 },
  )
  expect(errors?.[0]).toMatchObject({
    message: expect.stringContaining('1 seconds') as string,
    extensions: { code: 'UNAVAILABLE', retryAfterSeconds: 5 },
  })
})
