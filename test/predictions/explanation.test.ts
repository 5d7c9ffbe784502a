import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { globalId, uuidOf } from '../../src/graphql/ids.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { canonicalTrunk } from '../../src/network/trunk.canonical.js'
import { picture } from '../datasets/pictures.js'
import { seedEvaluated } from '../evaluations/evaluated.js'
import { seedTrunk, seedVersion, type SeededVersion } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { seedServedModel } from './models.js'

const SECRETS = { writer: 'writer-secret-123', reader: 'reader-secret-123', classifier: 'classifier-secret' }
let server: TestServer
let version: SeededVersion
let checkpointId: string
let trunkSha256: string

beforeAll(async () => {
  const { writer, reader, classifier } = SECRETS
  server = await createTestServer({ GRAFT_TOKENS: `w:write:${writer},r:read:${reader},c:classify:${classifier}` })
  const { prisma } = server.database
  version = await seedVersion(prisma, 'animals')
  const trunk = canonicalTrunk(randomTrunk())
  await server.storage.put(trunk.bytes)
  trunkSha256 = await seedTrunk(prisma, trunk.sha256)
  checkpointId = await seedModel(96)
})

afterAll(() => server.close())

const seedModel = (imageSize: number, trunk = trunkSha256): Promise<string> =>
  seedServedModel(
    { prisma: server.database.prisma, storage: server.storage, version },
    { trunkSha256: trunk, imageSize },
  )

interface Explanation {
  __typename: string
  label: string
  confidence: number
  imageSize: number
  values: number[][]
  url: string
  issues: { path: string[]; message: string }[]
}

async function explain(variables: object, secret = SECRETS.reader): Promise<Explanation> {
  const { data, errors } = await server.ask<{ explanation: Explanation }>(
    `query($picture: PictureReference!, $model: ModelReference, $label: String) {
      explanation(picture: $picture, model: $model, label: $label) {
        __typename
        ... on Explanation { label confidence imageSize values url checkpoint { id } }
        ... on InvalidInput { issues { path message } }
        ... on NotFound { id }
        ... on TrunkUnavailable { reason }
      } }`,
    { ...variables },
    { authorization: `Bearer ${secret}` },
  )
  if (!data) throw new Error(errors?.[0]?.extensions.code)
  return data.explanation
}

const write = { authorization: `Bearer ${SECRETS.writer}` }

/** Half dark, half bright, 150 by 100. */
async function halves(): Promise<string> {
  const bright = await sharp({ create: { width: 75, height: 100, channels: 3, background: '#fc6' } })
    .png()
    .toBuffer()
  const all = sharp({ create: { width: 150, height: 100, channels: 3, background: '#024' } })
  return (
    await all
      .composite([{ input: bright, left: 75, top: 0 }])
      .png()
      .toBuffer()
  ).toString('base64')
}

async function addPicture(): Promise<string> {
  const datasetId = globalId('Dataset', version.datasetId)
  const { data } = await server.ask<{ addImage: { image: { id: string } } }>(
    'mutation($input: AddImageInput!) { addImage(input: $input) { ... on AddImageSuccess { image { id } } } }',
    { input: { datasetId, label: 'cat', image: { base64: await halves() } } },
    write,
  )
  return data?.addImage.image.id ?? ''
}

async function classify(image: object): Promise<{ id: string; label: string; confidence: number }> {
  const { data } = await server.ask<{ classify: { prediction: { id: string; label: string; confidence: number } } }>(
    `mutation($input: ClassifyInput!) { classify(input: $input) {
      ... on ClassifySuccess { prediction { id label confidence } } } }`,
    { input: { image, model: { checkpointId } } },
    write,
  )
  if (!data) throw new Error('It was not classified')
  return data.classify.prediction
}

describe('explanation', () => {
  it('shows where in a picture of a dataset the class is, as values and as a heat map by address', async () => {
    const imageId = await addPicture()
    const explained = await explain({ picture: { imageId }, model: { checkpointId } })
    expect(explained).toMatchObject({ __typename: 'Explanation', imageSize: 96, checkpoint: { id: checkpointId } })
    expect(explained.values.map((row) => row.length)).toEqual([3, 3, 3])
    const all = explained.values.flat()
    expect([Math.max(...all), all.every((value) => value >= 0)]).toEqual([1, true])
    const shown = await fetch(explained.url)
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(shown.headers.get('cache-control')).toContain('immutable')
    const { data, info } = await sharp(await shown.arrayBuffer())
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(info).toMatchObject({ width: 96, height: 96, channels: 3 })
    // Red over blue where the values are greatest: pixels of the grid's place, beside those of the picture.
    const heatAt = (place: number): number => {
      const pixel = (Math.floor(place / 3) * 32 + 16) * 96 + (place % 3) * 32 + 16
      return (data[3 * pixel] as number) - (data[3 * pixel + 2] as number)
    }
    expect(heatAt(all.indexOf(Math.max(...all)))).toBeGreaterThan(heatAt(all.indexOf(Math.min(...all))))
  })

  it('explains a prediction by the checkpoint that made it, and any class or checkpoint that is named', async () => {
    const prediction = await classify({ imageId: await addPicture() })
    const picture = { predictionId: prediction.id }
    const own = await explain({ picture })
    expect(own).toMatchObject({ label: prediction.label, checkpoint: { id: checkpointId } })
    expect(own.confidence).toBeCloseTo(prediction.confidence, 5)
    const label = prediction.label === 'cat' ? 'dog' : 'cat'
    const other = await explain({ picture, label })
    expect(other.label).toBe(label)
    expect(other.confidence).toBeCloseTo(1 - own.confidence, 5)
    expect(other.values).not.toEqual(own.values)
    const larger = await explain({ picture, model: { checkpointId: await seedModel(160) } })
    expect(larger.values.map((row) => row.length)).toEqual([5, 5, 5, 5, 5])
    expect((await fetch(larger.url)).status).toBe(200)
  })

  it('explains a checkpoint with trained layers by its own trunk', async () => {
    const picture = { imageId: await addPicture() }
    const uneven = Float32Array.from({ length: 2048 }, (_, i) => 4 * Math.sin(i))
    const trained = new Map([['layer4.2.bn3.weight', { shape: [2048], data: uneven }]])
    const rooms = { prisma: server.database.prisma, storage: server.storage, version }
    const own = await seedServedModel(rooms, { trunkSha256, imageSize: 96, trained })
    const both = (id: string): Promise<Explanation[]> =>
      Promise.all(['cat', 'dog'].map((label) => explain({ picture, model: { checkpointId: id }, label })))
    const [before, after] = [await both(checkpointId), await both(own)]
    expect(after.map(({ label }) => label)).toEqual(['cat', 'dog'])
    expect(after[0]?.confidence).not.toBeCloseTo(before[0]?.confidence ?? 0, 3)
    expect(after.map(({ values }) => values)).not.toEqual(before.map(({ values }) => values))
  })

  it('explains a picture that is sent along, which nobody keeps, with the heat map in the answer', async () => {
    const base64 = await halves()
    const sent = await explain({ picture: { base64 }, model: { checkpointId } })
    const known = await explain({ picture: { imageId: await addPicture() }, model: { checkpointId } })
    expect({ ...sent, url: '' }).toEqual({ ...known, url: '' })
    expect(Buffer.from(sent.url.replace('data:image/png;base64,', ''), 'base64')).toEqual(
      Buffer.from(await (await fetch(known.url)).arrayBuffer()),
    )
    expect(await explain({ picture: { base64 } })).toMatchObject({ issues: [{ path: ['model'] }] })
    const nothing = await explain({ picture: { base64: 'AAAA' }, model: { checkpointId } })
    expect(nothing.__typename).toBe('UnreadableImage')
    await expect(explain({ picture: { base64, imageId: 'x' } })).rejects.toThrow('BAD_USER_INPUT')
  })

  it('is an address at each outcome of an evaluation: what spoke for the class that was predicted', async () => {
    const { prisma } = server.database
    const evaluated = await seedEvaluated({ prisma, version }, [0.2, 0.9])
    const imageId = await addPicture()
    const evaluation = { checkpointId: uuidOf(checkpointId, 'Checkpoint') ?? '' }
    const evaluationId = uuidOf(evaluated.evaluationId, 'Evaluation') ?? ''
    await prisma.evaluation.update({ where: { id: evaluationId }, data: evaluation })
    await prisma.outcome.updateMany({ where: { evaluationId }, data: { imageId: uuidOf(imageId, 'Image') ?? '' } })
    const { data } = await server.ask<{
      node: { outcomes: { nodes: { predicted: string; explanationUrl: string }[] } }
    }>(
      'query($id: ID!) { node(id: $id) { ... on Evaluation { outcomes { nodes { predicted explanationUrl } } } } }',
      { id: evaluated.evaluationId },
      { authorization: `Bearer ${SECRETS.reader}` },
    )
    const urls = new Map(data?.node.outcomes.nodes.map((each) => [each.predicted, each.explanationUrl]))
    for (const label of ['cat', 'dog']) {
      const explained = await explain({ picture: { imageId }, model: { checkpointId }, label })
      expect(urls.get(label)).toBe(explained.url)
      expect((await fetch(explained.url)).status).toBe(200)
    }
  })

  it('refuses what it cannot explain, each in its own way', async () => {
    const imageId = await addPicture()
    const { prisma } = server.database
    const sent = await classify({ base64: (await picture(77, 40)).toString('base64') })
    expect(await explain({ picture: { predictionId: sent.id } })).toEqual({ __typename: 'PictureNotKept' })
    const lost = await explain({
      picture: { imageId: globalId('Image', version.imageIds[0] ?? '') },
      model: { checkpointId },
    })
    expect(lost.__typename).toBe('UnreadableImage')
    expect(await explain({ picture: { imageId } })).toMatchObject({
      __typename: 'InvalidInput',
      issues: [{ path: ['model'] }],
    })
    const label = 'horse'
    expect(await explain({ picture: { imageId }, model: { checkpointId }, label })).toEqual({
      __typename: 'InvalidInput',
      issues: [{ path: ['label'], message: 'The checkpoint knows no class "horse"; it knows 2: cat, dog.' }],
    })
    for (const id of ['nonsense', globalId('Image', version.versionId), checkpointId]) {
      expect(await explain({ picture: { imageId: id }, model: { checkpointId } })).toMatchObject({ id })
      expect(await explain({ picture: { predictionId: id } })).toMatchObject({ __typename: 'NotFound', id })
    }
    expect(await explain({ picture: { imageId }, model: { alias: 'nobody' } })).toEqual({
      __typename: 'NotFound',
      id: 'nobody',
    })
    const trunkless = await seedModel(96, await seedTrunk(prisma, 'ab'.repeat(32)))
    expect(await explain({ picture: { imageId }, model: { checkpointId: trunkless } })).toMatchObject({
      __typename: 'TrunkUnavailable',
      reason: expect.stringContaining('abab') as string,
    })
    await expect(explain({ picture: {} })).rejects.toThrow('BAD_USER_INPUT')
    await expect(explain({ picture: { imageId } }, SECRETS.classifier)).rejects.toThrow('FORBIDDEN')
  })

  it('has addresses that are good for that one heat map', async () => {
    const imageId = await addPicture()
    const { url } = await explain({ picture: { imageId }, model: { checkpointId }, label: 'cat' })
    const { status } = await fetch(url)
    const other = url.replace('/0.png', '/1.png')
    const unsigned = new URL(other)
    unsigned.search = ''
    const reading = { headers: { authorization: `Bearer ${SECRETS.reader}` } }
    expect([status, (await fetch(other)).status, (await fetch(unsigned)).status]).toEqual([200, 401, 401])
    expect((await fetch(unsigned, reading)).status).toBe(200)
    const image = uuidOf(imageId, 'Image') ?? ''
    const checkpoint = uuidOf(checkpointId, 'Checkpoint') ?? ''
    for (const path of [
      `image/${image}/${checkpoint}/2.png`,
      `image/${image}/${image}/0.png`,
      `image/${checkpoint}/${checkpoint}/0.png`,
      `dataset/${image}/${checkpoint}/0.png`,
      `image/x/${checkpoint}/0.png`,
      `image/${image}/${checkpoint}/00.png`,
    ]) {
      const answer = await fetch(`${server.url}/explanations/${path}`, reading)
      expect([path, answer.status]).toEqual([path, 404])
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
    }
  })
})
