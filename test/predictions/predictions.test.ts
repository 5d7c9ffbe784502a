import { utimes } from 'node:fs/promises'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { globalId } from '../../src/graphql/ids.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { canonicalTrunk } from '../../src/network/trunk.canonical.js'
import { PredictionRepository } from '../../src/predictions/prediction.repository.js'
import { forgetOldPredictions } from '../../src/predictions/retention.js'
import { createFileStore, type FileStore } from '../../src/storage/file-store.js'
import { picture } from '../datasets/pictures.js'
import { seedTrunk, seedVersion, type SeededVersion } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { seedServedModel } from './models.js'

let server: TestServer
let storage: FileStore
let version: SeededVersion
let trunkSha256: string
let checkpointId: string
let datasetId: string

beforeAll(async () => {
  server = await createTestServer()
  storage = await createFileStore(server.imports.replace(/imports$/, 'blobs'))
  version = await seedVersion(server.database.prisma, 'animals')
  datasetId = globalId('Dataset', version.datasetId)
  const trunk = canonicalTrunk(randomTrunk())
  await storage.put(trunk.bytes)
  trunkSha256 = await seedTrunk(server.database.prisma, trunk.sha256)
  checkpointId = await seedModel(trunkSha256)
})

afterAll(() => server.close())

const seedModel = (trunk: string): Promise<string> =>
  seedServedModel({ prisma: server.database.prisma, storage, version }, { trunkSha256: trunk })

interface Prediction {
  id: string
  label: string
  confidence: number
  scores: { label: string; probability: number }[]
  latencyMs: number
  imageSha256: string
}

async function classify(input: object): Promise<{ __typename: string; prediction: Prediction; id: string }> {
  const { data, errors } = await server.ask<{ classify: { __typename: string; prediction: Prediction; id: string } }>(
    `mutation($input: ClassifyInput!) { classify(input: $input) {
      __typename
      ... on ClassifySuccess { prediction {
        id label confidence scores { label probability } alias imageSha256 image { id } correctLabel latencyMs checkpoint { id }
      } }
      ... on InvalidInput { issues { path } }
      ... on NotFound { id }
      ... on UnreadableImage { reason }
      ... on ImageTooLarge { limitBytes limitPixels }
      ... on TrunkUnavailable { message reason }
    } }`,
    { input: { model: { checkpointId }, ...input } },
  )
  if (!data) throw new Error(JSON.stringify(errors))
  return data.classify
}

const base64 = async (number: number): Promise<string> => (await picture(number, 40)).toString('base64')

describe('classify', () => {
  it('says what it sees, has stored it by then, and says the same of the same picture', async () => {
    const { prediction } = await classify({ image: { base64: await base64(1) } })
    expect(prediction).toMatchObject({ alias: null, image: null, correctLabel: null, checkpoint: { id: checkpointId } })
    expect(prediction.scores.map((score) => score.label).sort()).toEqual(['cat', 'dog'])
    const [best, other] = prediction.scores
    expect(prediction).toMatchObject({ label: best?.label, confidence: best?.probability })
    expect(best?.probability).toBeGreaterThan(other?.probability ?? 1)
    expect((best?.probability ?? 0) + (other?.probability ?? 0)).toBeCloseTo(1, 6)
    expect(prediction.latencyMs).toBeGreaterThan(0)
    const { data } = await server.ask<{ node: Prediction }>(
      'query($id: ID!) { node(id: $id) { ... on Prediction { scores { label probability } imageSha256 } } }',
      { id: prediction.id },
    )
    expect(data?.node).toEqual({ scores: prediction.scores, imageSha256: prediction.imageSha256 })
    const prefixed = await classify({ image: { base64: `data:image/png;base64,${await base64(1)}` }, topK: 1 })
    expect(prefixed.prediction.scores).toEqual([best])
  })

  it('takes a picture of a dataset, and finds out that sent bytes are one', async () => {
    const { data } = await server.ask<{ addImage: { image: { id: string } } }>(
      'mutation($input: AddImageInput!) { addImage(input: $input) { ... on AddImageSuccess { image { id } } } }',
      { input: { datasetId, label: 'cat', image: { base64: await base64(2) } } },
    )
    const image = { id: data?.addImage.image.id }
    const asked = await classify({ image: { imageId: image.id } })
    const sent = await classify({ image: { base64: await base64(2) } })
    expect(asked.prediction).toMatchObject({ image, scores: sent.prediction.scores })
    expect(sent.prediction).toMatchObject({ image })
  })

  it('asks whatever checkpoint an alias points to', async () => {
    await server.ask('mutation($input: AssignAliasInput!) { assignAlias(input: $input) { __typename } }', {
      input: { name: 'animals/production', checkpointId },
    })
    const { prediction } = await classify({
      image: { base64: await base64(3) },
      model: { alias: 'animals/production' },
    })
    expect(prediction).toMatchObject({ alias: 'animals/production', checkpoint: { id: checkpointId } })
  })

  it('refuses what it cannot take, each in its own way', async () => {
    const image = { base64: await base64(4) }
    expect(await classify({ image, topK: 0 })).toEqual({ __typename: 'InvalidInput', issues: [{ path: ['topK'] }] })
    expect(await classify({ image, topK: null })).toMatchObject({ __typename: 'ClassifySuccess' })
    expect(await classify({ image, model: { alias: 'Nobody' } })).toEqual({ __typename: 'NotFound', id: 'Nobody' })
    const id = globalId('Checkpoint', version.versionId)
    expect(await classify({ image, model: { checkpointId: id } })).toEqual({ __typename: 'NotFound', id })
    expect(await classify({ image: { imageId: 'nonsense' } })).toEqual({ __typename: 'NotFound', id: 'nonsense' })
    const truncated = (await picture(5, 40)).subarray(0, 60).toString('base64')
    for (const bad of ['', '!', Buffer.from('<svg/>').toString('base64'), truncated]) {
      expect(await classify({ image: { base64: bad } })).toMatchObject({ __typename: 'UnreadableImage' })
    }
    const { errors } = await server.ask(
      'mutation { classify(input: { image: {}, model: { alias: "a" } }) { __typename } }',
    )
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  it('serves a checkpoint with its own trunk or not at all', async () => {
    const lost = await seedModel(await seedTrunk(server.database.prisma, 'ab'.repeat(32)))
    const image = { base64: await base64(6) }
    const refused = await classify({ image, model: { checkpointId: lost } })
    expect(refused).toMatchObject({ __typename: 'TrunkUnavailable', reason: expect.stringContaining('abab') as string })
    expect(await classify({ image })).toMatchObject({ __typename: 'ClassifySuccess' })
  })
})

describe('recordFeedback', () => {
  async function record(input: object) {
    const { data } = await server.ask<{ recordFeedback: object }>(
      `mutation($input: RecordFeedbackInput!) { recordFeedback(input: $input) {
        __typename
        ... on RecordFeedbackSuccess { prediction { correctLabel } }
        ... on InvalidInput { issues { path } }
        ... on NotFound { id }
      } }`,
      { input },
    )
    return data?.recordFeedback
  }

  it('keeps what a person says, and refuses to add a picture that was not kept', async () => {
    const { prediction } = await classify({ image: { base64: await base64(7) } })
    const about = { predictionId: prediction.id, correctLabel: 'dog' }
    expect(await record(about)).toEqual({
      __typename: 'RecordFeedbackSuccess',
      prediction: { correctLabel: 'dog' },
    })
    expect(await record({ ...about, addToDatasetId: datasetId })).toEqual({ __typename: 'PictureNotKept' })
    expect(await record({ ...about, correctLabel: '' })).toMatchObject({ issues: [{ path: ['correctLabel'] }] })
    expect(await record({ ...about, predictionId: 'nonsense' })).toEqual({ __typename: 'NotFound', id: 'nonsense' })
  })

  it('adds a kept picture under its right label, once', async () => {
    const { prisma } = server.database
    const target = globalId('Dataset', (await prisma.dataset.create({ data: { name: 'corrected' } })).id)
    const imageId = await addImage(8)
    const { prediction } = await classify({ image: { imageId } })
    const about = { predictionId: prediction.id, correctLabel: 'dog', addToDatasetId: target }
    const success = { __typename: 'RecordFeedbackSuccess', prediction: { correctLabel: 'dog' } }
    expect([await record(about), await record(about)]).toEqual([success, success])
    const { data } = await server.ask('{ dataset(name: "corrected") { classes { label imageCount } } }')
    expect(data).toEqual({ dataset: { classes: [{ label: 'dog', imageCount: 1 }] } })
    expect(await record({ ...about, correctLabel: 'cat' })).toEqual({
      __typename: 'InvalidInput',
      issues: [{ path: ['addToDatasetId'] }],
    })
    expect(await record({ ...about, addToDatasetId: 'nonsense' })).toEqual({ __typename: 'NotFound', id: 'nonsense' })
  })

  it('refuses a picture whose bytes storage has lost', async () => {
    const imageId = await addImage(11)
    const { prediction } = await classify({ image: { imageId } })
    const { imageSha256 } = await server.database.prisma.prediction.findFirstOrThrow({ orderBy: { createdAt: 'desc' } })
    await storage.delete(imageSha256)
    expect(await classify({ image: { imageId } })).toMatchObject({ __typename: 'UnreadableImage' })
    const target = globalId('Dataset', (await server.database.prisma.dataset.create({ data: { name: 'lost' } })).id)
    const about = { predictionId: prediction.id, correctLabel: 'dog', addToDatasetId: target }
    expect(await record(about)).toMatchObject({ issues: [{ path: ['addToDatasetId'] }] })
  })

  it('adds a picture that was kept beside its prediction', async () => {
    const { prediction } = await classify({ image: { base64: await base64(9) } })
    await storage.put(await picture(9, 40))
    const about = { predictionId: prediction.id, correctLabel: 'cat', addToDatasetId: datasetId }
    expect(await record(about)).toMatchObject({ __typename: 'RecordFeedbackSuccess' })
  })

  async function addImage(number: number): Promise<string> {
    const { data } = await server.ask<{ addImage: { image: { id: string } } }>(
      'mutation($input: AddImageInput!) { addImage(input: $input) { ... on AddImageSuccess { image { id } } } }',
      { input: { datasetId, label: 'cat', image: { base64: await base64(number) } } },
    )
    return data?.addImage.image.id ?? ''
  }
})

describe('predictions', () => {
  it('are forgotten after the days that they are kept, with pictures that only they showed', async () => {
    const { prisma } = server.database
    const { sha256: own } = await storage.put(Buffer.from('shown by an old prediction only'))
    const { sha256: shared } = await storage.put(Buffer.from('shown by a new one too'))
    const { sha256: again } = await storage.put(Buffer.from('put again by an import whose row is not there yet'))
    const old = new Date(Date.now() - 3 * 24 * 3600 * 1000)
    const about = { label: 'cat', confidence: 1, scores: [], latencyMs: 1 }
    await prisma.prediction.createMany({
      data: [
        { ...about, imageSha256: own, createdAt: old },
        { ...about, imageSha256: shared, createdAt: old },
        { ...about, imageSha256: again, createdAt: old },
        { ...about, imageSha256: shared },
      ],
    })
    const before = await prisma.prediction.count()
    const rooms = { predictions: new PredictionRepository(prisma), storage, log: pino({ level: 'silent' }) }
    for (const sha256 of [own, shared]) await utimes(storage.path(sha256), old, old)
    await forgetOldPredictions(rooms, 2)
    expect(await prisma.prediction.count()).toBe(before - 3)
    expect(await storage.stat(own)).toBeNull()
    expect(await storage.stat(shared)).toMatchObject({ byteSize: 22 })
    expect(await storage.stat(again)).not.toBeNull()
  })

  it('are listed newest first and narrowed by each field of the filter', async () => {
    const { prisma } = server.database
    await prisma.prediction.deleteMany()
    const seed = (label: string, confidence: number, more: object = {}) =>
      prisma.prediction.create({
        data: {
          label,
          confidence,
          scores: [{ label, probability: confidence }],
          imageSha256: '00',
          latencyMs: 1,
          ...more,
        },
      })
    await seed('cat', 0.9, { alias: 'a' })
    await seed('dog', 0.6, { correctLabel: 'cat' })
    await seed('cat', 0.7)
    const list = async (filter: object | null, first = 2) => {
      const { data } = await server.ask<{ predictions: { totalCount: number; nodes: { confidence: number }[] } }>(
        `query($filter: PredictionFilter, $first: Int) {
          predictions(filter: $filter, first: $first) { totalCount nodes { confidence } }
        }`,
        { filter, first },
      )
      return [data?.predictions.totalCount, data?.predictions.nodes.map((each) => each.confidence)]
    }
    expect(await list(null)).toEqual([3, [0.7, 0.6]])
    expect(await list({ alias: 'a' })).toEqual([1, [0.9]])
    expect(await list({ label: 'cat' })).toEqual([2, [0.7, 0.9]])
    expect(await list({ maxConfidence: 0.7 })).toEqual([2, [0.7, 0.6]])
    const beyond = await server.ask('{ predictions(filter: { maxConfidence: 1e999 }) { totalCount } }')
    expect(beyond).toEqual({ data: { predictions: { totalCount: 3 } } })
    expect(await list({ hasCorrectLabel: true })).toEqual([1, [0.6]])
    expect(await list({ hasCorrectLabel: false, label: null })).toEqual([2, [0.7, 0.9]])
    expect(await list({ checkpointId })).toEqual([0, []])
    expect(await list({ checkpointId: 'nonsense' })).toEqual([0, []])
  })
})
