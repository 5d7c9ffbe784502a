import { describe, expect, it } from 'vitest'
import { bodyError } from '../../src/graphql/body.js'
import { globalId, parseGlobalId, uuidOf } from '../../src/graphql/ids.js'
import { createOriginGuard } from '../../src/graphql/origin.js'
import type { Token } from '../../src/config/token.setting.js'
import { createAuthenticate, type IssuedTokens } from '../../src/graphql/tokens.js'

const limits = { bodyBytes: 40_000_000, bodyTextBytes: 1_000_000 }
const uuid = '01934f4e-7c1d-7000-8000-0123456789ab'

function refusal(body: unknown): string | undefined {
  return bodyError(Buffer.from(JSON.stringify(body)), limits)?.message
}

describe('request bodies', () => {
  const big = 'A'.repeat(2_000_000)

  it('may be large where the bytes are base64 values', () => {
    expect(refusal({ query: '', variables: { input: { image: { base64: big } } } })).toBeUndefined()
    const query = 'mutation($b: String!) { classify(input: { image: {\n base64 : $b }}) { __typename } }'
    expect(refusal({ query, variables: { b: big } })).toBeUndefined()
  })

  it('may not be large where they are anything else', () => {
    expect(refusal({ query: '', variables: { name: big } })).toMatch(/outside base64/)
    expect(refusal({ query: '', variables: { base64: [big] } })).toMatch(/outside base64/)
    expect(refusal({ query: '', variables: { x: `"base64":"${big}"` } })).toMatch(/outside base64/)
  })

  it('have a limit in any case', () => {
    expect(refusal({ base64: 'A'.repeat(40_000_001) })).toMatch(/larger than 40000000/)
  })
})

describe('global ids', () => {
  it('come back as they went, and only as their own type', () => {
    const id = globalId('Dataset', uuid)
    expect(parseGlobalId(id)).toEqual({ typeName: 'Dataset', id: uuid })
    expect(uuidOf(id, 'Dataset')).toBe(uuid)
    expect(uuidOf(id, 'Image')).toBeUndefined()
    expect(uuidOf(globalId('Outcome', `${uuid}:3`), 'Outcome')).toBeUndefined()
  })

  it.each([
    '',
    'Dataset',
    uuid,
    'RGF0YXNldDox',
    globalId('Dataset', uuid) + '=',
    globalId('Dataset', uuid.toUpperCase()),
  ])('refuse %j', (id) => {
    expect(parseGlobalId(id)).toBeUndefined()
  })
})

describe('the origin guard', () => {
  const guard = createOriginGuard({
    host: '127.0.0.1',
    port: 4000,
    publicUrl: 'https://graft.example.org',
    origins: ['https://studio.example.org'],
  })

  it.each([
    '127.0.0.1:4000',
    'localhost:4000',
    'LOCALHOST:4000',
    '[::1]:4000',
    'graft.example.org',
    'graft.example.org:443',
  ])('knows %s as a name of ours', (host) => {
    expect(guard.refusal({ host })).toBeUndefined()
  })

  it('knows the name that it listens on in whatever case', () => {
    const named = createOriginGuard({ host: 'Graft.Local', port: 4000, publicUrl: undefined, origins: [] })
    expect(named.refusal({ host: 'graft.local:4000' })).toBeUndefined()
    expect(named.refusal({ host: 'Graft.Local:4000' })).toBeUndefined()
  })

  it.each([undefined, '', 'evil.example', '127.0.0.1', '127.0.0.1:4001', 'graft.example.org:8443'])(
    'refuses the host %s',
    (host) => {
      expect(guard.refusal({ host })).toMatch(/GRAFT_PUBLIC_URL/)
    },
  )

  it('takes our own and the listed origins, and no other', () => {
    const ask = (origin: string): string | undefined => guard.refusal({ host: 'localhost:4000', origin })
    expect(ask('http://127.0.0.1:4000')).toBeUndefined()
    expect(ask('https://graft.example.org')).toBeUndefined()
    expect(ask('https://studio.example.org')).toBeUndefined()
    for (const origin of [
      'null',
      'http://evil.example',
      'http://localhost:3000',
      'https://localhost:4000',
      'https://studio.example.org.evil.example',
    ]) {
      expect(ask(origin)).toMatch(/GRAFT_ORIGINS/)
    }
  })
})

describe('tokens', () => {
  const none: IssuedTokens = () => Promise.resolve(undefined)
  const configured: Token[] = [
    { name: 'reader', scopes: ['read'], secret: 'a-secret-of-16-characters' },
    { name: 'writer', scopes: ['write'], secret: 'b-secret-of-16-characters' },
  ]
  const authenticate = createAuthenticate(configured, none)

  it('say who asks, and what the scope implies', async () => {
    expect((await authenticate('Bearer a-secret-of-16-characters')).name).toBe('reader')
    expect([...(await authenticate('bearer b-secret-of-16-characters')).scopes]).toEqual(['read', 'classify', 'write'])
  })

  it.each([undefined, '', 'Bearer', 'Bearer wrong', 'Basic a-secret-of-16-characters', 7])(
    'refuse %s',
    async (given) => {
      await expect(authenticate(given)).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } })
    },
  )

  it('are not asked for where there are none', async () => {
    expect((await createAuthenticate([], none)(undefined)).name).toBe('local')
  })
})
