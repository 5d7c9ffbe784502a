import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createImageReader } from '../../src/images/image.reader.js'
import { createTrunkSession } from '../../src/inference/sessions.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { canonicalTrunk } from '../../src/network/trunk.canonical.js'
import { createFileStore } from '../../src/storage/file-store.js'
import { picture } from '../datasets/pictures.js'
import { seedTrunk } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'

const SECRETS = { reader: 'reader-secret-123', classifier: 'classifier-secret' }
let server: TestServer

beforeAll(async () => {
  const tokens = `r:read:${SECRETS.reader},c:classify:${SECRETS.classifier}`
  server = await createTestServer({ GRAFT_TOKENS: tokens })
})

afterAll(() => server.close())

interface Answer {
  __typename: string
  values: number[]
  trunk: { sha256: string; pretrained: boolean }
}

async function embed(variables: object, secret = SECRETS.classifier): Promise<Answer> {
  const { data, errors } = await server.ask<{ embedding: Answer }>(
    `query($image: ImageSource!, $imageSize: Int) { embedding(image: $image, imageSize: $imageSize) {
      __typename
      ... on Embedding { values trunk { sha256 name pretrained } }
      ... on InvalidInput { issues { path } }
      ... on NotFound { id }
      ... on TrunkUnavailable { message reason }
    } }`,
    { ...variables },
    { authorization: `Bearer ${secret}` },
  )
  if (!data) throw new Error(errors?.[0]?.extensions.code)
  return data.embedding
}

const image = async () => ({ base64: (await picture(0x3366ff, 48)).toString('base64') })

describe('embedding', () => {
  it('is unavailable until a trainer has read the weights, and while their file is missing', async () => {
    const { prisma } = server.database
    expect(await embed({ image: await image() })).toMatchObject({
      __typename: 'TrunkUnavailable',
      message: expect.stringContaining('GRAFT_TRUNK_WEIGHTS') as string,
    })
    await prisma.trainer.create({ data: { trunkSha256: await seedTrunk(prisma, 'cd'.repeat(32)) } })
    expect(await embed({ image: await image(), imageSize: 32 })).toMatchObject({
      __typename: 'TrunkUnavailable',
      reason: expect.stringContaining('cdcd') as string,
    })
  })

  it("gives the configured trunk's pooled features, for a trainer that has read no weights yet too", async () => {
    const { prisma } = server.database
    const trunk = canonicalTrunk(randomTrunk())
    await (await createFileStore(server.imports.replace(/imports$/, 'blobs'))).put(trunk.bytes)
    await prisma.trainer.create({ data: { trunkSha256: await seedTrunk(prisma, trunk.sha256) } })
    await prisma.trainer.create({ data: { trunkSha256: null } })
    const source = await image()
    const answer = await embed({ image: source, imageSize: 64 })
    const session = await createTrunkSession(randomTrunk())
    const reader = createImageReader({ maxPixels: 10_000, maxImageBytes: 10_000 })
    const pixels = await reader.preprocess(Buffer.from(source.base64, 'base64'), 64)
    const expected = await session.features(pixels, 1, 64)
    await session.release()
    expect(answer.trunk).toEqual({ sha256: trunk.sha256, name: 'random', pretrained: false })
    expect(answer.values).toHaveLength(2048)
    const most = Math.max(...answer.values.map((value, i) => Math.abs(value - (expected[i] as number))))
    expect(most).toBeLessThan(1e-4)
    expect((await embed({ image: source, imageSize: null })).values).toHaveLength(2048)
  })

  it('refuses other sizes, other pictures and callers who may only read', async () => {
    for (const imageSize of [0, -32, 33, 544]) {
      expect(await embed({ image: await image(), imageSize })).toEqual({
        __typename: 'InvalidInput',
        issues: [{ path: ['imageSize'] }],
      })
    }
    expect(await embed({ image: { imageId: 'nonsense' } })).toEqual({ __typename: 'NotFound', id: 'nonsense' })
    const bad = { base64: Buffer.from('no picture').toString('base64') }
    expect(await embed({ image: bad, imageSize: 32 })).toMatchObject({ __typename: 'UnreadableImage' })
    await expect(embed({ image: await image() }, SECRETS.reader)).rejects.toThrow('FORBIDDEN')
  })
})
