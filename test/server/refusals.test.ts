import { mkdir, symlink } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { globalId } from '../../src/graphql/ids.js'
import { picture } from '../datasets/pictures.js'
import { createTestServer, type TestServer } from './server.js'

let server: TestServer

beforeAll(async () => {
  server = await createTestServer({ GRAFT_MAX_IMAGE_BYTES: '20000', GRAFT_MAX_PIXELS: '10000' })
})

afterAll(() => server.close())

const CREATE = `mutation($input: CreateDatasetInput!) { createDataset(input: $input) {
  __typename
  ... on CreateDatasetSuccess { dataset { id description } }
  ... on InvalidInput { message issues { path message } }
  ... on NameTaken { name message }
} }`
const DELETE = `mutation($id: ID!) { deleteDataset(input: { datasetId: $id }) {
  __typename
  ... on DeleteDatasetSuccess { deletedId }
  ... on NotFound { id }
  ... on InUse { message usedBy { __typename id } }
} }`
const ADD = `mutation($input: AddImageInput!) { addImage(input: $input) {
  __typename
  ... on Error { message }
  ... on AddImageSuccess { image { id label fileName sha256 width height byteSize dataset { name } } }
  ... on InvalidInput { issues { path } }
  ... on NotFound { id }
  ... on UnreadableImage { reason }
  ... on ImageTooLarge { limitBytes limitPixels }
} }`
const IMPORT = `mutation($id: ID!, $directory: String!) {
  importImages(input: { datasetId: $id, source: { directory: $directory } }) {
    __typename
    ... on ImportImagesSuccess { import { id state processed total } }
    ... on InvalidInput { issues { path message } }
    ... on DirectoryNotAllowed { allowed }
    ... on NotFound { id }
  }
}`
const UNKNOWN = globalId('Dataset', '01934f4e-7c1d-7000-8000-0123456789ab')

async function createDataset(name: string): Promise<string> {
  const { data } = await server.ask<{ createDataset: { dataset: { id: string } } }>(CREATE, { input: { name } })
  return data?.createDataset.dataset.id ?? ''
}

async function one<Name extends string>(name: Name, query: string, variables: Record<string, unknown>) {
  const { data, errors } = await server.ask<Record<Name, unknown>>(query, variables)
  expect(errors).toBeUndefined()
  return data?.[name]
}

describe('datasets', () => {
  it('have names of 1-200 characters without control characters, once', async () => {
    for (const name of ['', 'x'.repeat(201), 'tab\there', 'nul\u0000']) {
      expect(await one('createDataset', CREATE, { input: { name } })).toMatchObject({
        __typename: 'InvalidInput',
        issues: [{ path: ['name'] }],
      })
    }
    expect(await one('createDataset', CREATE, { input: { name: '', description: 'a\u0000' } })).toMatchObject({
      issues: [{ path: ['name'] }, { path: ['description'] }],
    })
    const name = '𝒳'.repeat(200)
    expect(await one('createDataset', CREATE, { input: { name, description: 'two\nlines' } })).toMatchObject({
      dataset: { description: 'two\nlines' },
    })
    expect(await one('createDataset', CREATE, { input: { name } })).toMatchObject({ __typename: 'NameTaken', name })
  })

  it('are created once, however many ask at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => one('createDataset', CREATE, { input: { name: 'race' } })),
    )
    const kinds = answers.map((answer) => (answer as { __typename: string }).__typename).sort()
    expect(kinds).toEqual(['CreateDatasetSuccess', ...Array<string>(7).fill('NameTaken')])
  })

  it.each(['nonsense', UNKNOWN, globalId('Image', '01934f4e-7c1d-7000-8000-0123456789ab'), ''])(
    'are not found by %j',
    async (id) => {
      expect(await one('deleteDataset', DELETE, { id })).toEqual({ __typename: 'NotFound', id })
      const picked = await server.ask('query($id: ID!) { node(id: $id) { id } nodes(ids: [$id, $id]) { id } }', { id })
      expect(picked).toEqual({ data: { node: null, nodes: [null, null] } })
    },
  )

  it('are kept while a run, an alias or another dataset needs them, and deleted whole otherwise', async () => {
    const { prisma } = server.database
    const id = await createDataset('needed')
    const row = await prisma.dataset.findUniqueOrThrow({ where: { name: 'needed' } })
    const other = await prisma.dataset.create({ data: { name: 'other' } })
    const version = (datasetId: string) =>
      prisma.datasetVersion.create({
        data: { datasetId, number: 1, digest: 'x', classNames: ['a', 'b'], counts: {}, seed: 0 },
      })
    const [mine, others] = [await version(row.id), await version(other.id)]
    const run = (datasetVersionId: string, more = {}) =>
      prisma.trainingRun.create({ data: { name: 'run', datasetVersionId, hyperparameters: {}, ...more } })
    const unfinished = await run(mine.id, { status: 'RUNNING' })
    const checkpoint = await prisma.checkpoint.create({
      data: {
        trainingRunId: unfinished.id,
        epoch: 1,
        validationLoss: 1,
        validationAccuracy: 1,
        sha256: 'x',
        byteSize: 1,
      },
    })
    const alias = await prisma.alias.create({ data: { name: 'production', checkpointId: checkpoint.id } })
    const started = await run(others.id, { status: 'FAILED', fromCheckpointId: checkpoint.id })
    await run(mine.id, { status: 'FAILED', fromCheckpointId: checkpoint.id })
    const prediction = await prisma.prediction.create({
      data: { checkpointId: checkpoint.id, label: 'a', confidence: 1, scores: [], imageSha256: 'x', latencyMs: 1 },
    })
    await prisma.image.create({
      data: {
        datasetId: row.id,
        label: 'a',
        fileName: 'a',
        sha256: 'x',
        format: 'png',
        width: 1,
        height: 1,
        byteSize: 1,
      },
    })

    expect(await one('deleteDataset', DELETE, { id })).toMatchObject({
      __typename: 'InUse',
      usedBy: [
        { __typename: 'TrainingRun', id: globalId('TrainingRun', unfinished.id) },
        { __typename: 'Alias', id: globalId('Alias', alias.id) },
        { __typename: 'TrainingRun', id: globalId('TrainingRun', started.id) },
      ],
    })
    await prisma.alias.delete({ where: { id: alias.id } })
    await prisma.trainingRun.update({ where: { id: unfinished.id }, data: { status: 'CANCELLED' } })
    const used = await one('deleteDataset', DELETE, { id })
    expect(used).toMatchObject({ __typename: 'InUse', usedBy: [{ id: globalId('TrainingRun', started.id) }] })
    await prisma.trainingRun.delete({ where: { id: started.id } })

    expect(await one('deleteDataset', DELETE, { id })).toEqual({ __typename: 'DeleteDatasetSuccess', deletedId: id })
    expect(await prisma.trainingRun.count({ where: { datasetVersionId: mine.id } })).toBe(0)
    expect(await prisma.image.count({ where: { datasetId: row.id } })).toBe(0)
    expect(await prisma.prediction.findUniqueOrThrow({ where: { id: prediction.id } })).toMatchObject({
      checkpointId: null,
    })
  })
})

describe('addImage', () => {
  const encoded = async (n: number, size = 8): Promise<string> => (await picture(n, size)).toString('base64')

  it('takes base64, plain or as a data: address, and the picture of another dataset', async () => {
    const datasetId = await createDataset('pictures')
    const base64 = await encoded(1)
    const added = await one('addImage', ADD, {
      input: { datasetId, label: 'cat', image: { base64: `data:image/png;base64,${base64}` }, fileName: 'mine.png' },
    })
    const bytes = Buffer.from(base64, 'base64').length
    expect(added).toMatchObject({
      image: {
        label: 'cat',
        fileName: 'mine.png',
        width: 8,
        height: 8,
        byteSize: bytes,
        dataset: { name: 'pictures' },
      },
    })
    const again = await one('addImage', ADD, { input: { datasetId, label: 'cat', image: { base64 } } })
    expect(again).toEqual(added)
    const contradiction = await one('addImage', ADD, { input: { datasetId, label: 'dog', image: { base64 } } })
    expect(contradiction).toMatchObject({
      __typename: 'InvalidInput',
      issues: [{ path: ['image'] }],
      message: expect.stringContaining('mine.png') as unknown,
    })
    const { id } = (added as { image: { id: string } }).image
    const other = await createDataset('copies')
    expect(
      await one('addImage', ADD, { input: { datasetId: other, label: 'dog', image: { imageId: id } } }),
    ).toMatchObject({
      image: { label: 'dog', dataset: { name: 'copies' } },
    })
  })

  it('refuses what is no picture, too large or unknown', async () => {
    const datasetId = await createDataset('refusals')
    const add = (image: Record<string, string>, more = {}) =>
      one('addImage', ADD, { input: { datasetId, label: 'cat', image, ...more } })
    expect(
      await add({ base64: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64') }),
    ).toMatchObject({
      __typename: 'UnreadableImage',
    })
    expect(await add({ base64: 'not base64!' })).toMatchObject({ __typename: 'UnreadableImage' })
    expect(await add({ base64: '' })).toMatchObject({ __typename: 'UnreadableImage' })
    const whole = await picture(3, 60)
    expect(await add({ base64: whole.subarray(0, whole.length - 20).toString('base64') })).toMatchObject({
      __typename: 'UnreadableImage',
      reason: expect.stringContaining('truncated') as unknown,
    })
    expect(await add({ base64: await encoded(1, 101) })).toMatchObject({
      __typename: 'ImageTooLarge',
      limitBytes: 20_000,
      limitPixels: 10_000,
    })
    expect(await add({ base64: Buffer.alloc(20_001).toString('base64') })).toMatchObject({
      __typename: 'ImageTooLarge',
    })
    expect(await add({ imageId: 'x' })).toMatchObject({ __typename: 'NotFound', id: 'x' })
    expect(await add({ base64: await encoded(1) }, { datasetId: UNKNOWN })).toMatchObject({ __typename: 'NotFound' })
    expect(await add({ base64: await encoded(1) }, { label: '', fileName: '\n' })).toMatchObject({
      issues: [{ path: ['label'] }, { path: ['fileName'] }],
    })
  })

  it('serves what it was given: as it is, smaller, unchanged, and nothing that could run', async () => {
    const datasetId = await createDataset('served')
    const base64 = await encoded(9, 90)
    const { data } = await server.ask<{ addImage: { image: { url: string; small: string } } }>(
      'mutation($input: AddImageInput!) { addImage(input: $input) { ... on AddImageSuccess { image { url small: url(size: 30) } } } }',
      { input: { datasetId, label: 'cat', image: { base64 } } },
    )
    const { url, small } = data?.addImage.image ?? { url: '', small: '' }
    expect(url.startsWith(`${server.url}/images/`)).toBe(true)
    const response = await fetch(url)
    expect(Buffer.from(await response.arrayBuffer()).toString('base64')).toBe(base64)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'cache-control': expect.stringContaining('immutable') as unknown,
      'content-security-policy': expect.stringContaining('sandbox') as unknown,
    })
    const etag = response.headers.get('etag') ?? ''
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
    const { default: sharp } = await import('sharp')
    const shrunk = await sharp(Buffer.from(await (await fetch(small)).arrayBuffer())).metadata()
    expect(shrunk).toMatchObject({ format: 'jpeg', width: 30, height: 30 })
    expect((await fetch(`${url}?size=0`)).status).toBe(400)
    expect((await fetch(`${server.url}/images/nothing`)).status).toBe(404)
  })
})

describe('importImages', () => {
  it('takes folders within the roots only, whatever the path looks like', async () => {
    const id = await createDataset('roots')
    await mkdir(`${server.imports}/inside`, { recursive: true })
    await symlink('/', `${server.imports}/door`)
    const directories = [
      '/',
      '/etc',
      `${server.imports}/../..`,
      `${server.imports}/door/etc`,
      '/nowhere/at/all',
      'a\u0000b',
    ]
    for (const directory of directories) {
      expect(await one('importImages', IMPORT, { id, directory })).toEqual({
        __typename: 'DirectoryNotAllowed',
        allowed: [server.imports],
      })
    }
    for (const directory of [`${server.imports}/missing`, `${server.imports}/inside/../gone/deep`]) {
      expect(await one('importImages', IMPORT, { id, directory })).toMatchObject({
        __typename: 'InvalidInput',
        issues: [{ path: ['source', 'directory'] }],
      })
    }
    expect(await one('importImages', IMPORT, { id: UNKNOWN, directory: '/' })).toEqual({
      __typename: 'NotFound',
      id: UNKNOWN,
    })
    expect(await one('importImages', IMPORT, { id, directory: `${server.imports}/inside` })).toMatchObject({
      import: { state: 'QUEUED', processed: 0, total: null },
    })
  })

  it('can be cancelled before anyone took it, twice, and its stream ends', async () => {
    const id = await createDataset('cancelled')
    await mkdir(`${server.imports}/c`, { recursive: true })
    const started = (await one('importImages', IMPORT, { id, directory: `${server.imports}/c` })) as {
      import: { id: string }
    }
    const importId = started.import.id
    const stream = server.socket().iterate<{ importProgress: { state: string } }>({
      query: 'subscription($id: ID!) { importProgress(importId: $id) { state } }',
      variables: { id: importId },
    })
    expect((await stream.next()).value).toEqual({ data: { importProgress: { state: 'QUEUED' } } })
    const cancel = () =>
      one(
        'cancelImport',
        'mutation($id: ID!) { cancelImport(input: { importId: $id }) { ... on CancelImportSuccess { import { id state } } ... on NotFound { id } } }',
        { id: importId },
      )
    expect(await cancel()).toEqual({ import: { id: importId, state: 'CANCELLED' } })
    expect(await cancel()).toEqual({ import: { id: importId, state: 'CANCELLED' } })
    expect((await stream.next()).value).toEqual({ data: { importProgress: { state: 'CANCELLED' } } })
    expect((await stream.next()).done).toBe(true)
  })

  it('a subscription to nothing is an error message with NOT_FOUND, and the socket stays', async () => {
    const client = server.socket()
    const lost = client.iterate({
      query: 'subscription($id: ID!) { importProgress(importId: $id) { state } }',
      variables: { id: globalId('ImageImport', '01934f4e-7c1d-7000-8000-0123456789ab') },
    })
    await expect(lost.next()).rejects.toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    const after = client.iterate({ query: '{ __typename }' })
    expect((await after.next()).value).toEqual({ data: { __typename: 'Query' } })
  })
})
