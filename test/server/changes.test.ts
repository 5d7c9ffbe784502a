import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { globalId } from '../../src/graphql/ids.js'
import { picture } from '../datasets/pictures.js'
import { createTestServer, type TestServer } from './server.js'

let server: TestServer

beforeAll(async () => {
  server = await createTestServer()
})

afterAll(() => server.close())

const UNKNOWN = '01934f4e-7c1d-7000-8000-0123456789ab'

async function ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const { data, errors } = await server.ask<Data>(query, variables)
  expect(errors).toBeUndefined()
  return data as Data
}

async function add(datasetId: string, label: string, number: number): Promise<string> {
  const base64 = (await picture(number)).toString('base64')
  const { addImage } = await ask<{ addImage: { image: { id: string } } }>(
    `mutation($input: AddImageInput!) { addImage(input: $input) { ... on AddImageSuccess { image { id } } } }`,
    { input: { datasetId, label, image: { base64 } } },
  )
  return addImage.image.id
}

/** Three cats, then three dogs. */
async function createDataset(name: string): Promise<{ id: string; images: string[] }> {
  const { createDataset } = await ask<{ createDataset: { dataset: { id: string } } }>(
    `mutation($name: String!) { createDataset(input: { name: $name }) {
      ... on CreateDatasetSuccess { dataset { id } } } }`,
    { name },
  )
  const { id } = createDataset.dataset
  const images: string[] = []
  for (let i = 0; i < 6; i++) images.push(await add(id, i < 3 ? 'cat' : 'dog', i))
  return { id, images }
}

const change = (name: string, input: Record<string, unknown>) =>
  ask<Record<string, unknown>>(CHANGES[name] as string, { input }).then((data) => data[name])

const ERRORS = `__typename ... on Error { message } ... on InvalidInput { issues { path } } ... on NotFound { id }`
const CHANGES: Record<string, string> = {
  relabelImages: `mutation($input: RelabelImagesInput!) { relabelImages(input: $input) {
    ${ERRORS} ... on RelabelImagesSuccess { images { id label } } } }`,
  removeImages: `mutation($input: RemoveImagesInput!) { removeImages(input: $input) {
    ${ERRORS} ... on RemoveImagesSuccess { removedIds } } }`,
  renameClass: `mutation($input: RenameClassInput!) { renameClass(input: $input) {
    ${ERRORS} ... on NameTaken { name }
    ... on RenameClassSuccess { imageCount dataset { classes { label imageCount } } } } }`,
  updateDataset: `mutation($input: UpdateDatasetInput!) { updateDataset(input: $input) {
    ${ERRORS} ... on NameTaken { name } ... on UpdateDatasetSuccess { dataset { name description } } } }`,
}

interface Seen {
  imageCount: number
  classes: { label: string; imageCount: number }[]
  images: { totalCount: number; nodes: { id: string; label: string }[] }
}

const seen = (id: string) =>
  ask<{ node: Seen }>(
    `query($id: ID!) { node(id: $id) { ... on Dataset {
      imageCount classes { label imageCount } images(first: 50) { totalCount nodes { id label } } } } }`,
    { id },
  ).then((data) => data.node)

interface Frozen {
  digest: string
  images: { edges: { label: string; split: string; node: { id: string; removedAt: string | null } }[] }
}

const FROZEN =
  'digest classNames splits { name classes { label imageCount } } images(first: 50) { totalCount edges { label split node { id removedAt } } }'

async function freeze(datasetId: string): Promise<{ id: string } & Frozen> {
  const { createDatasetVersion } = await ask<{ createDatasetVersion: { datasetVersion: { id: string } & Frozen } }>(
    `mutation($id: ID!) { createDatasetVersion(input: { datasetId: $id }) {
      ... on CreateDatasetVersionSuccess { datasetVersion { id ${FROZEN} } } } }`,
    { id: datasetId },
  )
  return createDatasetVersion.datasetVersion
}

describe('relabelling', () => {
  it('changes the dataset, all of the pictures or none, and no version', async () => {
    const { id, images } = await createDataset('relabelled')
    const version = await freeze(id)
    const [first = '', second = ''] = images
    expect(await change('relabelImages', { imageIds: [second, first, second], label: 'dog' })).toMatchObject({
      images: [
        { id: second, label: 'dog' },
        { id: first, label: 'dog' },
      ],
    })
    expect((await seen(id)).classes).toEqual([
      { label: 'cat', imageCount: 1 },
      { label: 'dog', imageCount: 5 },
    ])
    for (const wrong of [globalId('Image', UNKNOWN), globalId('Dataset', UNKNOWN), 'nonsense']) {
      expect(await change('relabelImages', { imageIds: [first, wrong], label: 'lion' })).toMatchObject({
        __typename: 'NotFound',
        id: wrong,
      })
    }
    expect(await change('relabelImages', { imageIds: [], label: '' })).toMatchObject({
      issues: [{ path: ['imageIds'] }, { path: ['label'] }],
    })
    expect(await change('relabelImages', { imageIds: Array(1001).fill(first), label: 'x' })).toMatchObject({
      issues: [{ path: ['imageIds'] }],
    })
    expect((await seen(id)).classes.map((each) => each.label)).toEqual(['cat', 'dog'])
    expect(await frozen(version.id)).toEqual(version)
  })
})

const frozen = (id: string) =>
  ask<{ node: Frozen }>(`query($id: ID!) { node(id: $id) { ... on DatasetVersion { id ${FROZEN} } } }`, { id }).then(
    (data) => data.node,
  )

describe('removing', () => {
  it('takes pictures out of the dataset and leaves versions, links and ids alone', async () => {
    const { id, images } = await createDataset('removed')
    const version = await freeze(id)
    const [first = '', second = ''] = images
    expect(await change('removeImages', { imageIds: [first, globalId('Image', UNKNOWN)] })).toMatchObject({
      __typename: 'NotFound',
    })
    expect((await seen(id)).imageCount).toBe(6)
    expect(await change('removeImages', { imageIds: [first, second, first] })).toMatchObject({
      removedIds: [first, second],
    })
    expect(await change('removeImages', { imageIds: [first] })).toMatchObject({ removedIds: [first] })
    expect(await change('relabelImages', { imageIds: [first], label: 'dog' })).toMatchObject({ __typename: 'NotFound' })

    const now = await seen(id)
    expect(now).toMatchObject({ imageCount: 4, images: { totalCount: 4 } })
    expect(now.classes).toEqual([
      { label: 'cat', imageCount: 1 },
      { label: 'dog', imageCount: 3 },
    ])
    expect(now.images.nodes.map((node) => node.id)).not.toContain(first)

    const old = await frozen(version.id)
    const kept = version.images.edges.map(({ label, split, node }) => [node.id, label, split])
    expect(old.images.edges.map(({ label, split, node }) => [node.id, label, split])).toEqual(kept)
    expect(old.images.edges.find(({ node }) => node.id === first)?.node.removedAt).not.toBeNull()
    const { node } = await ask<{ node: { label: string; url: string } }>(
      `query($id: ID!) { node(id: $id) { ... on Image { label url dataset { name } } } }`,
      { id: first },
    )
    expect(node).toMatchObject({ label: 'cat', dataset: { name: 'removed' } })
    expect((await fetch(node.url)).status).toBe(200)
  })

  it('is undone by adding the same bytes, under whatever label', async () => {
    const { id, images } = await createDataset('revived')
    const [first = ''] = images
    await change('removeImages', { imageIds: [first] })
    expect(await add(id, 'dog', 0)).toBe(first)
    const now = await seen(id)
    expect(now.images.nodes[0]).toEqual({ id: first, label: 'dog' })
    expect(now.imageCount).toBe(6)
  })
})

describe('renaming a class', () => {
  it('gives its pictures the new name, and joins another class only when told to', async () => {
    const { id } = await createDataset('renamed')
    const version = await freeze(id)
    expect(await change('renameClass', { datasetId: id, label: 'cat', newLabel: 'lion' })).toMatchObject({
      imageCount: 3,
      dataset: { classes: [{ label: 'dog' }, { label: 'lion' }] },
    })
    expect(await change('renameClass', { datasetId: id, label: 'lion', newLabel: 'dog' })).toMatchObject({
      __typename: 'NameTaken',
      name: 'dog',
    })
    expect(await change('renameClass', { datasetId: id, label: 'lion', newLabel: 'lion' })).toMatchObject({
      imageCount: 3,
    })
    expect(await change('renameClass', { datasetId: id, label: 'lion', newLabel: 'dog', merge: true })).toMatchObject({
      imageCount: 3,
      dataset: { classes: [{ label: 'dog', imageCount: 6 }] },
    })
    expect(await change('renameClass', { datasetId: id, label: 'cat', newLabel: 'x' })).toMatchObject({
      issues: [{ path: ['label'] }],
    })
    expect(await change('renameClass', { datasetId: id, label: 'dog', newLabel: '' })).toMatchObject({
      issues: [{ path: ['newLabel'] }],
    })
    const nowhere = globalId('Dataset', UNKNOWN)
    expect(await change('renameClass', { datasetId: nowhere, label: 'a', newLabel: 'b' })).toMatchObject({
      __typename: 'NotFound',
      id: nowhere,
    })
    expect(await frozen(version.id)).toEqual(version)
  })
})

describe('updateDataset', () => {
  it('changes what is given and keeps names unique', async () => {
    const { id } = await createDataset('before')
    await createDataset('taken')
    expect(await change('updateDataset', { datasetId: id, name: 'after', description: 'Animals.' })).toMatchObject({
      dataset: { name: 'after', description: 'Animals.' },
    })
    expect(await change('updateDataset', { datasetId: id, name: 'taken' })).toMatchObject({
      __typename: 'NameTaken',
      name: 'taken',
    })
    expect(await change('updateDataset', { datasetId: id, description: null })).toMatchObject({
      dataset: { name: 'after', description: 'Animals.' },
    })
    expect(await change('updateDataset', { datasetId: id, description: '' })).toMatchObject({
      dataset: { name: 'after', description: null },
    })
    expect(await change('updateDataset', { datasetId: id, name: '', description: '\u0000' })).toMatchObject({
      issues: [{ path: ['name'] }, { path: ['description'] }],
    })
    const unknown = globalId('Dataset', UNKNOWN)
    expect(await change('updateDataset', { datasetId: unknown, name: 'x' })).toMatchObject({ __typename: 'NotFound' })
  })
})
