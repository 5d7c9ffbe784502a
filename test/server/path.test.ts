import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { layOut, picture } from '../datasets/pictures.js'
import { createTestServer, type TestServer } from './server.js'

let server: TestServer

beforeAll(async () => {
  server = await createTestServer()
  await server.workImports()
})

afterAll(() => server.close())

async function createDataset(name: string): Promise<string> {
  const { data } = await server.ask<{ createDataset: { dataset: { id: string } } }>(
    'mutation($input: CreateDatasetInput!) { createDataset(input: $input) { ... on CreateDatasetSuccess { dataset { id } } } }',
    { input: { name } },
  )
  return data?.createDataset.dataset.id ?? ''
}

const IMPORT = `mutation($id: ID!, $directory: String!) {
  importImages(input: { datasetId: $id, source: { directory: $directory } }) {
    __typename
    ... on ImportImagesSuccess { import { id state } }
    ... on InvalidInput { issues { path message } }
    ... on DirectoryNotAllowed { allowed }
    ... on NotFound { id }
  }
}`

async function imported(
  name: string,
  files: Record<string, number | string>,
): Promise<{ id: string; events: unknown[] }> {
  const id = await createDataset(name)
  await layOut(`${server.imports}/${name}`, files)
  const { data } = await server.ask<{ importImages: { import: { id: string } } }>(IMPORT, {
    id,
    directory: `${server.imports}/${name}`,
  })
  const stream = server.socket().iterate<{ importProgress: unknown }>({
    query: `subscription($id: ID!) { importProgress(importId: $id) {
      state processed total added duplicates rejectedCount rejected { fileName reason } error dataset { imageCount }
    } }`,
    variables: { id: data?.importImages.import.id },
  })
  const events: unknown[] = []
  for await (const event of stream) events.push(event.data?.importProgress)
  return { id, events }
}

function animals(cats: number, dogs: number): Record<string, number> {
  const files = (label: string, count: number, from: number) =>
    Array.from({ length: count }, (_, i) => [`${label}/${label}.${String(i)}.png`, from + i] as const)
  return Object.fromEntries([...files('cat', cats, 0), ...files('dog', dogs, 100_000)])
}

interface Page {
  totalCount: number
  edges: { cursor: string; node: { id: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string; hasPreviousPage: boolean }
}

interface Version {
  id: string
  number: number
  digest: string
}

interface Created {
  createDatasetVersion: { datasetVersion: Version }
}

interface Frozen {
  totalCount: number
  edges: { label: string; node: { label: string } }[]
}

describe('the path from a folder to a dataset version', () => {
  it('imports with progress that ends with the import', async () => {
    const { id, events } = await imported('animals', { ...animals(12, 11), 'cat/bad.jpg': 'no picture' })
    expect(events.at(-1)).toEqual({
      state: 'SUCCEEDED',
      processed: 24,
      total: 24,
      added: 23,
      duplicates: 0,
      rejectedCount: 1,
      rejected: [{ fileName: 'cat/bad.jpg', reason: expect.stringContaining('not a JPEG') as unknown }],
      error: null,
      dataset: { imageCount: 23 },
    })
    const { data } = await server.ask(
      `query($id: ID!) {
        dataset(name: "animals") { id imageCount classes { label imageCount } imports { totalCount nodes { state } } }
        node(id: $id) { __typename id ... on Dataset { name } }
      }`,
      { id },
    )
    expect(data?.['dataset']).toEqual({
      id,
      imageCount: 23,
      classes: [
        { label: 'cat', imageCount: 12 },
        { label: 'dog', imageCount: 11 },
      ],
      imports: { totalCount: 1, nodes: [{ state: 'SUCCEEDED' }] },
    })
    expect(data?.['node']).toEqual({ __typename: 'Dataset', id, name: 'animals' })
  })

  it('pages through pictures in both lists without losing or repeating one', async () => {
    const { id } = await imported('paged', animals(13, 9))
    const seen: string[] = []
    const pageAfter = async (after: string | null): Promise<Page | undefined> => {
      const { data } = await server.ask<{ node: { images: Page } }>(
        `query($id: ID!, $after: String) { node(id: $id) { ... on Dataset { images(first: 5, after: $after) {
          totalCount edges { cursor node { id } } pageInfo { hasNextPage endCursor hasPreviousPage }
        } } } }`,
        { id, after },
      )
      return data?.node.images
    }
    for (let page = await pageAfter(null), first = true; page; first = false) {
      expect(page.totalCount).toBe(22)
      expect(page.pageInfo.hasPreviousPage).toBe(!first)
      seen.push(...page.edges.map((edge) => edge.node.id))
      page = page.pageInfo.hasNextPage ? await pageAfter(page.pageInfo.endCursor) : undefined
    }
    expect(new Set(seen).size).toBe(22)
    expect(seen).toHaveLength(22)
    const { data } = await server.ask(
      'query($id: ID!) { node(id: $id) { ... on Dataset { images(label: "dog", first: 3) { totalCount nodes { label } } } } }',
      { id },
    )
    expect(data?.['node']).toEqual({ images: { totalCount: 9, nodes: Array(3).fill({ label: 'dog' }) } })
  })

  it('freezes versions: numbered, split, the same content with the same digest', async () => {
    const { id } = await imported('frozen', animals(20, 30))
    const create = (input: Record<string, unknown>) =>
      server.ask<Created>(
        `mutation($input: CreateDatasetVersionInput!) { createDatasetVersion(input: $input) {
          __typename
          ... on CreateDatasetVersionSuccess { datasetVersion { id number digest classNames splits { name imageCount classes { label imageCount } } dataset { name } } }
          ... on InvalidInput { issues { path } }
          ... on DatasetTooSmall { label needed found }
        } }`,
        { input: { datasetId: id, ...input } },
      )
    const [a, b, c] = await Promise.all([
      create({}),
      create({ seed: null, split: null, classNames: null }),
      create({ seed: 1 }),
    ])
    const versions = [a, b, c].map((answer) => answer.data?.createDatasetVersion.datasetVersion)
    expect(versions.map((version) => version?.number).sort()).toEqual([1, 2, 3])
    expect(versions[0]?.digest).toBe(versions[1]?.digest)
    expect(versions[2]?.digest).not.toBe(versions[0]?.digest)
    expect(versions[0]).toMatchObject({
      classNames: ['cat', 'dog'],
      dataset: { name: 'frozen' },
      splits: [
        {
          name: 'TRAIN',
          imageCount: 40,
          classes: [
            { label: 'cat', imageCount: 16 },
            { label: 'dog', imageCount: 24 },
          ],
        },
        {
          name: 'VALIDATION',
          imageCount: 5,
          classes: [
            { label: 'cat', imageCount: 2 },
            { label: 'dog', imageCount: 3 },
          ],
        },
        {
          name: 'TEST',
          imageCount: 5,
          classes: [
            { label: 'cat', imageCount: 2 },
            { label: 'dog', imageCount: 3 },
          ],
        },
      ],
    })

    const frozen = await server.ask<{ node: { all: Frozen; test: Frozen; none: Frozen } }>(
      `query($id: ID!) { node(id: $id) { ... on DatasetVersion {
        all: images(first: 100) { totalCount edges { label split node { label sha256 } } }
        test: images(split: TEST, label: "dog") { totalCount edges { label split } }
        none: images(label: "cow") { totalCount edges { label } }
      } } }`,
      { id: versions[0]?.id },
    )
    const { all, test, none } = frozen.data?.node ?? {}
    expect(all?.totalCount).toBe(50)
    expect(all?.edges).toHaveLength(50)
    expect(all?.edges.every((edge) => edge.label === edge.node.label)).toBe(true)
    expect(test).toEqual({ totalCount: 3, edges: Array(3).fill({ label: 'dog', split: 'TEST' }) })
    expect(none).toEqual({ totalCount: 0, edges: [] })

    const bad = await create({
      classNames: ['cat', 'cow', 'cat'],
      seed: -1,
      split: { fractions: { train: 0.5, validation: 0.5, test: 0.5 } },
    })
    expect(bad.data?.createDatasetVersion).toEqual({
      __typename: 'InvalidInput',
      issues: [
        { path: ['split', 'fractions'] },
        { path: ['classNames', '1'] },
        { path: ['classNames', '2'] },
        { path: ['seed'] },
      ],
    })
    expect((await create({ classNames: ['cat'] })).data?.createDatasetVersion).toEqual({
      __typename: 'InvalidInput',
      issues: [{ path: ['classNames'] }],
    })
    expect((await create({ split: { fromFolders: true } })).data?.createDatasetVersion).toMatchObject({
      issues: [{ path: ['split', 'fromFolders'] }],
    })
    const small = await create({ split: { perClass: { train: 19, validation: 1, test: 1 } } })
    expect(small.data?.createDatasetVersion).toEqual({
      __typename: 'DatasetTooSmall',
      label: 'cat',
      needed: 21,
      found: 20,
    })
  })

  it('orders labels by code point, whatever the database thinks', async () => {
    const id = await createDataset('labels')
    for (const [i, label] of ['zebra', 'Äpfel', 'apple', 'Zoo', '😀', '\uFFFD'].entries()) {
      const base64 = (await picture(500 + i)).toString('base64')
      await server.ask('mutation($input: AddImageInput!) { addImage(input: $input) { __typename } }', {
        input: { datasetId: id, label, image: { base64 } },
      })
    }
    const { data } = await server.ask<{ dataset: { classes: { label: string }[] } }>(
      '{ dataset(name: "labels") { classes { label } } }',
    )
    expect(data?.dataset.classes.map((each) => each.label)).toEqual(['Zoo', 'apple', 'zebra', 'Äpfel', '\uFFFD', '😀'])
  })
})
