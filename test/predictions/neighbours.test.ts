import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { featureKey } from '../../src/features/feature-key.js'
import { computationOf } from '../../src/features/feature-recipe.js'
import { writeShard } from '../../src/features/feature-shard.js'
import { globalId } from '../../src/graphql/ids.js'
import { createImageReader } from '../../src/images/image.reader.js'
import { createTrunkSession } from '../../src/inference/sessions.js'
import { toHalf } from '../../src/network/half.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { canonicalTrunk } from '../../src/network/trunk.canonical.js'
import { picture } from '../datasets/pictures.js'
import { seedTrunk, seedVersion, type SeededVersion } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { seedServedModel } from './models.js'

const SIZE = 32
/** Of cats and dogs in TRAIN, VALIDATION and TEST in turn, as seedVersion has them. */
const COLOURS = [0x102030, 0x0000ff, 0x00ff00, 0xf0e0d0, 0xff0000, 0x203040]
let server: TestServer
let version: SeededVersion
let checkpointId: string
let trunkSha256: string
let features: Float32Array[]
let digests: string[]

beforeAll(async () => {
  server = await createTestServer()
  const { prisma } = server.database
  version = await seedVersion(prisma, 'animals')
  const trunk = canonicalTrunk(randomTrunk())
  await server.storage.put(trunk.bytes)
  trunkSha256 = await seedTrunk(prisma, trunk.sha256)
  checkpointId = await seedServedModel({ prisma, storage: server.storage, version }, { trunkSha256, imageSize: SIZE })
  const session = await createTrunkSession(randomTrunk())
  const reader = createImageReader({ maxPixels: 10_000, maxImageBytes: 10_000 })
  features = []
  digests = []
  for (const [i, colour] of COLOURS.entries()) {
    const bytes = await picture(colour, 40)
    const { sha256 } = await server.storage.put(bytes)
    await prisma.image.update({ where: { id: version.imageIds[i] ?? '' }, data: { sha256 } })
    features.push(await session.features(await reader.preprocess(bytes, SIZE), 1, SIZE))
    digests.push(sha256)
  }
  await session.release()
})

afterAll(() => server.close())

const imageId = (i: number): string => globalId('Image', version.imageIds[i] ?? '')

async function neighbours(variables: object) {
  const { data, errors } = await server.ask<{ neighbours: Record<string, unknown> }>(
    `query($picture: PictureReference!, $model: ModelReference, $first: Int) {
      neighbours(picture: $picture, model: $model, first: $first) {
        __typename
        ... on Neighbours { comparedCount trainingCount pictures { label similarity image { id } } }
        ... on InvalidInput { issues { path } }
        ... on NotFound { id }
      } }`,
    { ...variables },
  )
  if (!data) throw new Error(JSON.stringify(errors))
  return data.neighbours
}

/** The features of some pictures, as a trainer keeps them. */
async function keep(rows: readonly number[]): Promise<string> {
  const recipe = { trunkSha256, trunkPrecision: 'fp32' as const, trainableLayers: 'HEAD' as const, view: null }
  const key = featureKey({ ...recipe, imageSize: SIZE, computation: computationOf() })
  const all = new Float32Array(rows.length * 2048)
  rows.forEach((row, i) => {
    all.set(features[row] as Float32Array, i * 2048)
  })
  const pictures = rows.map((row) => digests[row] as string)
  const blob = await server.storage.put(writeShard(key, { pictures, features: toHalf(all) }))
  const owner = { featureKey: key, trunkSha256, imageCount: rows.length }
  await server.database.prisma.featureShard.create({ data: { ...owner, ...blob } })
  return blob.sha256
}

function cosine(a: number, b: number): number {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, i) => sum + value * (y[i] as number), 0)
  const [x, y] = [features[a] as Float32Array, features[b] as Float32Array]
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))
}

describe('neighbours', () => {
  const model = () => ({ checkpointId })

  it('are refused while no features are kept, and where the question is wrong', async () => {
    const asked = { picture: { imageId: imageId(1) }, model: model() }
    expect(await neighbours(asked)).toEqual({ __typename: 'FeaturesNotKept' })
    await keep([1, 2])
    // Features of VALIDATION and TEST are none of TRAIN.
    expect(await neighbours(asked)).toEqual({ __typename: 'FeaturesNotKept' })
    for (const first of [0, 101])
      expect(await neighbours({ ...asked, first })).toMatchObject({ issues: [{ path: ['first'] }] })
    expect(await neighbours({ picture: asked.picture })).toMatchObject({ issues: [{ path: ['model'] }] })
    expect(await neighbours({ ...asked, picture: { imageId: 'x' } })).toEqual({ __typename: 'NotFound', id: 'x' })
    const { data } = await server.ask<{ classify: { prediction: { id: string } } }>(
      `mutation($input: ClassifyInput!) { classify(input: $input) { ... on ClassifySuccess { prediction { id } } } }`,
      { input: { image: { base64: (await picture(99, 40)).toString('base64') }, model: model() } },
    )
    const predictionId = data?.classify.prediction.id
    expect(await neighbours({ picture: { predictionId } })).toEqual({ __typename: 'PictureNotKept' })
  })

  it('are the training pictures by the cosine of their features, never the picture itself', async () => {
    await keep([0])
    const lost = await keep([3, 4, 5])
    for (const asked of [1, 0]) {
      const expected = [0, 3].filter((row) => row !== asked).sort((a, b) => cosine(asked, b) - cosine(asked, a))
      const found = await neighbours({ picture: { imageId: imageId(asked) }, model: model() })
      expect(found).toMatchObject({ comparedCount: expected.length, trainingCount: 2 })
      const pictures = expected.map((row) => ({
        label: row === 0 ? 'cat' : 'dog',
        similarity: expect.closeTo(cosine(asked, row), 3) as number,
        image: { id: imageId(row) },
      }))
      expect(found['pictures']).toEqual(pictures)
      const base64 = (await server.storage.read(digests[asked] ?? '')).toString('base64')
      expect(await neighbours({ picture: { base64 }, model: model() })).toEqual(found)
      const one = await neighbours({ picture: { imageId: imageId(asked) }, model: model(), first: 1 })
      expect(one['pictures']).toEqual(pictures.slice(0, 1))
    }
    // What storage has lost counts for nothing, and is said.
    await server.storage.delete(lost)
    const rest = await neighbours({ picture: { imageId: imageId(1) }, model: model() })
    expect(rest).toMatchObject({ comparedCount: 1, trainingCount: 2, pictures: [{ image: { id: imageId(0) } }] })
  })
})
