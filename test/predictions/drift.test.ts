import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { featureKey } from '../../src/features/feature-key.js'
import { pooledRecipe } from '../../src/features/feature-recipe.js'
import { writeShard } from '../../src/features/feature-shard.js'
import { createImageReader } from '../../src/images/image.reader.js'
import { createTrunkSession } from '../../src/inference/sessions.js'
import { toHalf } from '../../src/network/half.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { canonicalTrunk } from '../../src/network/trunk.canonical.js'
import { PredictionRepository } from '../../src/predictions/prediction.repository.js'
import { seedTrunk } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { createVersion, drawPicture } from '../trainer/fixture.js'
import { seedServedModel } from './models.js'

const SIZE = 32
const PER_CLASS = { TRAIN: 30, VALIDATION: 12, TEST: 1 }
let server: TestServer
let version: { versionId: string; pictures: string[] }
let trunkSha256: string
let checkpointId: string

beforeAll(async () => {
  server = await createTestServer()
  const { prisma } = server.database
  version = await createVersion(server, PER_CLASS)
  const trunk = canonicalTrunk(randomTrunk())
  await server.storage.put(trunk.bytes)
  trunkSha256 = await seedTrunk(prisma, trunk.sha256)
  checkpointId = await seedModel()
})

afterAll(() => server.close())

const seedModel = (more: object = {}): Promise<string> => {
  const rooms = { prisma: server.database.prisma, storage: server.storage }
  const seeded = { versionId: version.versionId, datasetId: '', imageIds: [] }
  return seedServedModel({ ...rooms, version: seeded }, { trunkSha256, imageSize: SIZE, ...more })
}

/** The features of all pictures, in shards as a trainer keeps them. */
async function keepFeatures(): Promise<void> {
  const session = await createTrunkSession(randomTrunk())
  const reader = createImageReader({ maxPixels: 10_000, maxImageBytes: 100_000 })
  const key = featureKey(pooledRecipe({ trunkSha256, trunkPrecision: 'fp32', imageSize: SIZE }))
  for (let at = 0; at < version.pictures.length; at += 50) {
    const pictures = version.pictures.slice(at, at + 50)
    const features = new Float32Array(pictures.length * 2048)
    for (const [i, picture] of pictures.entries()) {
      const pixels = await reader.preprocess(await server.storage.read(picture), SIZE)
      features.set(await session.features(pixels, 1, SIZE), i * 2048)
    }
    const blob = await server.storage.put(writeShard(key, { pictures, features: toHalf(features) }))
    const owner = { featureKey: key, trunkSha256, imageCount: pictures.length }
    await server.database.prisma.featureShard.create({ data: { ...owner, ...blob } })
  }
  await session.release()
}

async function point(name: string, checkpoint = checkpointId): Promise<void> {
  const { data } = await server.ask(
    `mutation($input: AssignAliasInput!) { assignAlias(input: $input) { __typename } }`,
    { input: { name, checkpointId: checkpoint } },
  )
  expect(data).toEqual({ assignAlias: { __typename: 'AssignAliasSuccess' } })
}

/** Pictures of both classes in equal parts, of colours evenly drawn, none of them of the dataset, through an alias. */
async function classify(alias: string, count: number, change = (bytes: Buffer) => Promise.resolve(bytes)) {
  const pictures = await Promise.all(
    Array.from({ length: count }, async (_, i) => change(await drawPicture(i % 2, 1000 + i))),
  )
  const images = pictures.map((bytes) => ({ base64: bytes.toString('base64') }))
  const { data } = await server.ask<{ classifyMany: { results: { __typename: string }[] } }>(
    `mutation($input: ClassifyManyInput!) { classifyMany(input: $input) {
      ... on ClassifyManySuccess { results { __typename } } } }`,
    { input: { images, model: { alias } } },
  )
  expect(data?.classifyMany.results).toHaveLength(count)
}

interface Drift {
  readonly predictionCount: number
  readonly shift: number | null
  readonly validationShift: number | null
  readonly undefinedBecause: string | null
}

async function driftOf(name: string): Promise<Drift> {
  const { data, errors } = await server.ask<{ alias: { drift: Drift } }>(
    `query($name: String!) { alias(name: $name) {
      drift { predictionCount shift validationShift undefinedBecause } } }`,
    { name },
  )
  if (!data) throw new Error(JSON.stringify(errors))
  return data.alias.drift
}

const undefinedFor = (predictionCount: number, reason: RegExp) => ({
  ...{ predictionCount, shift: null, validationShift: null },
  undefinedBecause: expect.stringMatching(reason) as string,
})

const darken = (bytes: Buffer): Promise<Buffer> => sharp(bytes).linear(0.2).png().toBuffer()
const lighten = (bytes: Buffer): Promise<Buffer> => sharp(bytes).linear(0.2, 200).png().toBuffer()

describe('the drift of an alias', () => {
  it('is null for a reason where there is nothing to compare', async () => {
    await point('early')
    await classify('early', 19)
    expect(await driftOf('early')).toEqual(undefinedFor(19, /it takes 20/))
    await classify('early', 1)
    expect(await driftOf('early')).toEqual(undefinedFor(20, /are kept\. Start a run of the head/))
    const norm = 'layer4.2.bn3.bias'
    const trained = new Map([[norm, { shape: [2048], data: new Float32Array(2048) }]])
    await point('deep', await seedModel({ trained }))
    expect(await driftOf('deep')).toEqual(undefinedFor(0, /trunk was trained/))
  })

  it('is like that of VALIDATION for pictures of the same kind, and far greater for others', async () => {
    await keepFeatures()
    await point('same')
    await classify('same', 40)
    const same = await driftOf('same')
    expect(same).toMatchObject({ predictionCount: 40, undefinedBecause: null })
    const normal = same.validationShift as number
    expect((same.shift as number) / normal).toBeLessThan(1.5)
    for (const [name, change] of Object.entries({ darken, lighten })) {
      await point(name)
      await classify(name, 40, change)
      const { shift, validationShift } = await driftOf(name)
      expect(validationShift).toBe(normal)
      expect(shift as number, name).toBeGreaterThan(2 * normal)
      expect(shift as number, name).toBeGreaterThan(2 * (same.shift as number))
    }
  })

  it('begins anew with another checkpoint, and counts nothing that was asked without the alias', async () => {
    await point('moved')
    await classify('moved', 20)
    await point('moved', await seedModel({ seed: 2 }))
    expect(await driftOf('moved')).toEqual(undefinedFor(0, /^Features of 0 predictions/))
    const { prisma } = server.database
    const before = await prisma.predictionFeatures.count()
    const image = { base64: (await drawPicture(0, 1)).toString('base64') }
    await server.ask(`mutation($input: ClassifyInput!) { classify(input: $input) { __typename } }`, {
      input: { image, model: { checkpointId } },
    })
    expect(await prisma.predictionFeatures.count()).toBe(before)
  })

  it('needs the features of the last predictions only, which go with them', async () => {
    const { prisma } = server.database
    const repository = new PredictionRepository(prisma)
    const kept = (alias: string) => prisma.predictionFeatures.count({ where: { prediction: { alias } } })
    await repository.forgetOldFeatures(25)
    expect([await kept('same'), await kept('early')]).toEqual([25, 20])
    expect(await driftOf('same')).toMatchObject({ predictionCount: 25, undefinedBecause: null })
    const newest = await prisma.predictionFeatures.findFirstOrThrow({ where: { prediction: { alias: 'same' } } })
    await prisma.prediction.delete({ where: { id: newest.predictionId } })
    expect(await kept('same')).toBe(24)
  })
})
