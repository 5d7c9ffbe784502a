import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uuidOf } from '../../src/graphql/ids.js'
import { createClassifier } from '../../src/inference/classifier.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { canonicalTrunk } from '../../src/network/trunk.canonical.js'
import { ModelRepository } from '../../src/predictions/model.repository.js'
import { PredictionRepository } from '../../src/predictions/prediction.repository.js'
import { servedModel } from '../../src/predictions/served-model.js'
import { warmUp } from '../../src/predictions/warm-up.js'
import type { BlobStore } from '../../src/storage/blob-store.js'
import { createFileStore } from '../../src/storage/file-store.js'
import { picture } from '../datasets/pictures.js'
import { seedTrunk, seedVersion, type SeededVersion } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { eventually } from '../trainer/fixture.js'
import { seedServedModel, type ModelOptions } from './models.js'

let server: TestServer
let storage: BlobStore
let version: SeededVersion
let trunkSha256: string
let checkpointId: string

beforeAll(async () => {
  server = await createTestServer({ GRAFT_CLASSIFY_QUEUE: '2' })
  storage = await createFileStore(server.imports.replace(/imports$/, 'blobs'))
  version = await seedVersion(server.database.prisma, 'animals')
  const trunk = canonicalTrunk(randomTrunk())
  await storage.put(trunk.bytes)
  trunkSha256 = await seedTrunk(server.database.prisma, trunk.sha256)
  checkpointId = await seed({})
})

afterAll(() => server.close())

const seed = (options: Partial<ModelOptions>): Promise<string> =>
  seedServedModel({ prisma: server.database.prisma, storage, version }, { trunkSha256, ...options })

const image = async (number: number): Promise<{ base64: string }> => ({
  base64: (await picture(number, 40)).toString('base64'),
})

const PREDICTION = 'prediction { id label scores { label probability calibratedProbability } alias imageSha256 }'

interface Classified {
  __typename: string
  prediction: { id: string; label: string; scores: object[] }
}

async function classify(input: object): Promise<Classified> {
  const { data, errors } = await server.ask<{ classify: Classified }>(
    `mutation($input: ClassifyInput!) { classify(input: $input) { __typename ... on ClassifySuccess { ${PREDICTION} } } }`,
    { input: { model: { checkpointId }, ...input } },
  )
  if (!data) throw new Error(JSON.stringify(errors))
  return data.classify
}

async function classifyMany(images: object[], more: object = {}) {
  const { data, errors } = await server.ask<{ classifyMany: { __typename: string; results: Classified[] } }>(
    `mutation($input: ClassifyManyInput!) { classifyMany(input: $input) {
      __typename
      ... on ClassifyManySuccess { results {
        __typename ... on ClassifySuccess { ${PREDICTION} } ... on UnreadableImage { reason } ... on NotFound { id }
      } }
      ... on InvalidInput { issues { path } }
      ... on NotFound { id }
    } }`,
    { input: { images, model: { checkpointId }, ...more } },
  )
  if (!data) throw new Error(JSON.stringify(errors))
  return data.classifyMany
}

describe('classifyMany', () => {
  it('says of each picture what classify says of it, in their order', async () => {
    const images = await Promise.all(Array.from({ length: 64 }, (_, i) => image(i)))
    const { results } = await classifyMany(images)
    expect(results).toHaveLength(64)
    for (const i of [0, 17, 63]) {
      const alone = await classify({ image: images[i] })
      expect(results[i]?.prediction.label).toBe(alone.prediction.label)
    }
    expect(new Set(results.map(({ prediction }) => prediction.id)).size).toBe(64)
  })

  it('refuses a bad picture by itself', async () => {
    const { results } = await classifyMany([await image(1), { base64: 'aGVsbG8=' }, { imageId: 'nonsense' }])
    expect(results).toMatchObject([
      { __typename: 'ClassifySuccess' },
      { __typename: 'UnreadableImage' },
      { __typename: 'NotFound', id: 'nonsense' },
    ])
  })

  it('refuses none, too many, and a model that is not there', async () => {
    const one = await image(1)
    for (const images of [[], Array.from({ length: 65 }, () => one)]) {
      expect(await classifyMany(images, { topK: 0 })).toEqual({
        __typename: 'InvalidInput',
        issues: [{ path: ['images'] }, { path: ['topK'] }],
      })
    }
    expect(await classifyMany([one], { model: { alias: 'nobody' } })).toEqual({ __typename: 'NotFound', id: 'nobody' })
  })
})

describe('a full server', () => {
  it('refuses at once with the time after which to ask again, and answers those inside', async () => {
    const images = await Promise.all(Array.from({ length: 12 }, (_, i) => image(100 + i)))
    const many = images.slice(0, 10)
    const answers = await Promise.all([
      ...Array.from({ length: 8 }, () =>
        server.ask<{ classifyMany: { results: Classified[] } }>(
          `mutation($input: ClassifyManyInput!) { classifyMany(input: $input) { ... on ClassifyManySuccess { results {
            __typename } } } }`,
          { input: { images: many, model: { checkpointId } } },
        ),
      ),
    ])
    const refused = answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions) ?? [])
    const answered = answers.flatMap(({ data }) => data?.classifyMany.results ?? [])
    expect(refused.length).toBeGreaterThan(0)
    for (const extensions of refused) {
      expect(extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) as number })
    }
    expect(answered).toHaveLength(10 * (8 - refused.length))
    expect(await classify({ image: images[11] })).toMatchObject({ __typename: 'ClassifySuccess' })
  })
})

describe('whatever runs a network for a caller', () => {
  it.each([
    ['embedding', '($picture: ImageSource!) ', 'embedding(image: $picture, imageSize: 64)'],
    [
      'explanation',
      '($picture: PictureReference!, $model: ModelReference!) ',
      'explanation(picture: $picture, model: $model)',
    ],
    [
      'neighbours',
      '($picture: PictureReference!, $model: ModelReference!) ',
      'neighbours(picture: $picture, model: $model)',
    ],
  ])('finds as little room on a full server: %s', async (_, variables, field) => {
    const fields = Array.from({ length: 4 }, (_, i) => `f${String(i)}: ${field} { __typename }`).join(' ')
    const asked = { picture: await image(7), ...(variables.includes('$model') && { model: { checkpointId } }) }
    const { errors } = await server.ask(`query${variables}{ ${fields} }`, asked)
    expect(errors?.[0]?.extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) as number })
    // Those that were let in may still be inside.
    await eventually(async () => {
      const alone = await server.ask(`query${variables}{ ${field} { __typename } }`, asked)
      return alone.errors === undefined
    })
  })
})

describe('predictions that come together', () => {
  it('are written in one commit, each with what is left of its checkpoint and picture', async () => {
    const { prisma } = server.database
    const repository = new PredictionRepository(prisma)
    const local = uuidOf(checkpointId, 'Checkpoint') ?? ''
    const { sha256: known, id: knownId } = await prisma.image.findFirstOrThrow()
    const base = {
      datasetId: version.datasetId,
      alias: null,
      label: 'cat',
      confidence: 1,
      scores: [],
      latencyMs: 1,
      features: null,
    }
    const gone = '00000000-0000-7000-8000-00000000dead'
    const written = await repository.createAll([
      { ...base, checkpointId: local, imageSha256: known, imageId: null },
      { ...base, checkpointId: gone, imageSha256: 'ab'.repeat(32), imageId: null },
      { ...base, checkpointId: local, imageSha256: known, imageId: gone, label: 'dog' },
    ])
    expect(written).toMatchObject([
      { checkpointId: local, imageId: knownId, label: 'cat' },
      { checkpointId: null, imageId: null, label: 'cat' },
      { checkpointId: local, imageId: null, label: 'dog' },
    ])
    expect(new Set(written.map((row) => row.createdAt.getTime())).size).toBe(1)
    expect(await repository.byIds(written.map((row) => row.id))).toEqual(written)
  })

  it('take fewer commits than there are pictures', async () => {
    const images = await Promise.all(Array.from({ length: 30 }, (_, i) => image(300 + i)))
    const { results } = await classifyMany(images)
    const ids = results.map(({ prediction }) => uuidOf(prediction.id, 'Prediction') ?? '')
    const rows = await server.database.prisma.prediction.findMany({ where: { id: { in: ids } } })
    expect(rows).toHaveLength(30)
    // A row's time is that of its transaction.
    expect(new Set(rows.map((row) => row.createdAt.getTime())).size).toBeLessThan(10)
  })
})

describe('calibrated probabilities', () => {
  it('come with a prediction of a checkpoint that has a temperature', async () => {
    const calibrated = await seed({ temperature: 2, seed: 7 })
    const { prediction } = await classify({ image: await image(9), model: { checkpointId: calibrated } })
    const [best, other] = prediction.scores as { probability: number; calibratedProbability: number }[]
    const [a, b] = [Math.sqrt(best?.probability ?? 0), Math.sqrt(other?.probability ?? 0)]
    expect(best?.calibratedProbability).toBeCloseTo(a / (a + b), 6)
    expect(other?.calibratedProbability).toBeCloseTo(b / (a + b), 6)
    const plain = await classify({ image: await image(9) })
    expect(plain.prediction.scores[0]).toMatchObject({ calibratedProbability: null })
  })
})

describe('a server that starts', () => {
  it('makes what has an alias ready, and passes over what cannot be', async () => {
    const { prisma } = server.database
    const lost = await seed({ trunkSha256: await seedTrunk(prisma, 'ab'.repeat(32)), seed: 3 })
    for (const [name, id] of [
      ['lost', lost],
      ['good', checkpointId],
    ]) {
      await server.ask('mutation($input: AssignAliasInput!) { assignAlias(input: $input) { __typename } }', {
        input: { name, checkpointId: id },
      })
    }
    const classifier = createClassifier()
    const models = new ModelRepository(prisma)
    try {
      await warmUp({ models, classifier, storage, log: pino({ level: 'silent' }) }, new AbortController().signal)
      const model = await models.byAlias('good')
      if (model === null) throw new Error('There is no such alias')
      const unread = () => Promise.reject(new Error('It was to be ready.'))
      const ready = { ...servedModel(model, storage), loadTrunk: unread, loadHead: unread }
      const said = await classifier.classify(ready, () => Promise.resolve(new Float32Array(3 * 32 * 32)))
      expect(said.probabilities).toHaveLength(2)
    } finally {
      await classifier.close()
    }
  })
})
