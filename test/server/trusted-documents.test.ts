import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestServer, type TestServer } from './server.js'
import { TRANSPORTS } from '../../bench/abuse/transports.js'

const TRUSTED = 'query Trusted { datasets { totalCount } }'
const ANSWER = { data: { datasets: { totalCount: 0 } } }
const OTHER = '{ datasets { totalCount } }'
const HASH = createHash('sha256').update(TRUSTED).digest('hex')

let folder: string
let open: TestServer
let guarded: TestServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-trusted-'))
  const path = join(folder, 'documents.json')
  await writeFile(
    path,
    JSON.stringify({
      [HASH]: TRUSTED,
      named: 'mutation Made { createDataset(input: { name: "made" }) { __typename } }',
    }),
  )
  open = await createTestServer({ GRAFT_TRUSTED_DOCUMENTS: path })
  guarded = await createTestServer({
    GRAFT_TRUSTED_DOCUMENTS: path,
    GRAFT_TOKENS: 'reader:read:reader-secret-0123456789,writer:write:writer-secret-0123456789',
  })
})

afterAll(async () => {
  await open.close()
  await guarded.close()
  await rm(folder, { recursive: true })
})

const reader = { authorization: 'Bearer reader-secret-0123456789' }
const writer = { authorization: 'Bearer writer-secret-0123456789' }
const byHash = (hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } })

describe.each(TRANSPORTS)('with trusted documents, over %s', (_name, ask) => {
  const refused = { errors: [{ extensions: { code: 'FORBIDDEN' } }] }

  it('a reader runs those, by text and by hash, and nothing else', async () => {
    expect(await ask(guarded, { query: TRUSTED }, reader)).toEqual(ANSWER)
    expect(await ask(guarded, byHash(HASH), reader)).toEqual(ANSWER)
    expect(await ask(guarded, { query: OTHER }, reader)).toMatchObject(refused)
    expect(await ask(guarded, { query: '{ __schema { description } }' }, reader)).toMatchObject(refused)
    const registered = byHash(createHash('sha256').update(OTHER).digest('hex'))
    expect(await ask(guarded, { query: OTHER, ...registered }, reader)).toMatchObject(refused)
    expect(await ask(guarded, registered, reader)).not.toHaveProperty('data')
  })

  it('a writer runs anything', async () => {
    expect(await ask(guarded, { query: OTHER }, writer)).toEqual(ANSWER)
  })

  it('nobody runs anything else where there are no tokens', async () => {
    expect(await ask(open, { query: TRUSTED }, {})).toEqual(ANSWER)
    expect(await ask(open, { query: OTHER }, {})).toMatchObject(refused)
  })

  it('a document may be named by whatever its file calls it', async () => {
    const { data } = (await ask(guarded, byHash('named'), writer)) as {
      data: { createDataset: { __typename: string } }
    }
    expect(data.createDataset.__typename).toMatch(/^(CreateDatasetSuccess|NameTaken)$/)
    await guarded.database.prisma.dataset.deleteMany()
  })
})

describe('a file of trusted documents', () => {
  it.each([
    ['is missing', undefined, [/cannot be read \(ENOENT\)/]],
    ['is no JSON', '{', [/is not a JSON object/]],
    ['holds something else', '{"a": 1}', [/is not a JSON object/]],
    [
      'has documents that do not fit, all of which it names',
      JSON.stringify({ a: '{', b: '{ nothing }', c: TRUSTED, d: `{ ${'__typename '.repeat(21)} }` }),
      [/document a: Syntax Error/, /document b: Cannot query field "nothing"/, /document d: 21 root fields/],
    ],
  ])('that %s keeps the server from starting', async (_what, text, problems) => {
    const path = join(folder, 'bad.json')
    await rm(path, { force: true })
    if (text !== undefined) await writeFile(path, text)
    const error: unknown = await createTestServer({ GRAFT_TRUSTED_DOCUMENTS: path }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'ConfigError' })
    const lines = (error as { problems: string[] }).problems
    expect(lines).toHaveLength(problems.length)
    problems.forEach((pattern, i) => expect(lines[i]).toMatch(pattern))
  })
})
