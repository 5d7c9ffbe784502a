import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/config.js'
import type { DatasetHealth } from '../../src/database/generated/client.js'
import { globalId } from '../../src/graphql/ids.js'
import { startServer, type RunningServer } from '../../src/server.js'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { drawPicture, eventually, openWorkshop, silent, stopProcess, type Workshop } from '../trainer/fixture.js'

let workshop: Workshop
let server: RunningServer
let datasetId: string

beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 12, VALIDATION: 4, TEST: 4 })
  const env = { PORT: '0', DATABASE_URL: workshop.database.url, GRAFT_DATA_DIR: workshop.dataDir }
  server = await startServer({ config: loadConfig({ ...env, GRAFT_TRUNK_WEIGHTS: 'random' }), log: silent })
  datasetId = (await workshop.database.prisma.dataset.findFirstOrThrow()).id
  await addCopies()
})

afterAll(async () => {
  await server.close()
  await workshop.close()
})

/** Of the first dots: the same pixels in another file, twice its size under a wrong label, and one of few pixels. */
async function addCopies(): Promise<void> {
  const original = await drawPicture(0, 0)
  await add(await sharp(original).webp({ lossless: true }).toBuffer(), 'dots')
  await add(
    await sharp(await drawPicture(1, 0))
      .resize(96)
      .png()
      .toBuffer(),
    'dots',
  )
  await add(
    await sharp(await drawPicture(1, 40))
      .resize(16)
      .png()
      .toBuffer(),
    'stripes',
  )
}

async function ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { dataset: globalId('Dataset', datasetId), ...variables } }),
  })
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
  expect(errors).toBeUndefined()
  return data
}

async function add(bytes: Buffer, label: string): Promise<void> {
  await ask(
    `mutation($dataset: ID!, $label: String!, $base64: String!) {
      addImage(input: { datasetId: $dataset, label: $label, image: { base64: $base64 } }) { __typename } }`,
    { label, base64: bytes.toString('base64') },
  )
}

const row = (): Promise<DatasetHealth | null> =>
  workshop.database.prisma.datasetHealth.findUnique({ where: { datasetId } })

const inspect = (imageSize = 32) =>
  ask<{ inspectDataset: { health: { state: string } } }>(
    `mutation($dataset: ID!, $imageSize: Int) { inspectDataset(input: { datasetId: $dataset, imageSize: $imageSize }) {
      ... on InspectDatasetSuccess { health { state } } ... on Error { message } } }`,
    { imageSize },
  )

interface Group {
  id: string
  kind: string
  labels: string[]
  imageCount: number
  images: { similarity: number; image: { id: string; label: string } }[]
}

interface Health {
  state: string | null
  isCurrent: boolean
  imageCount: number | null
  imageSize: number | null
  trunk: { name: string } | null
  classBalance: { ratio: number; largest: { label: string } }
  tinyImages: { totalCount: number; nodes: { width: number }[] }
  duplicates: { totalCount: number; nodes: Group[]; pageInfo: { endCursor: string } }
  contradictions: { totalCount: number }
  next: { nodes: Group[] }
  doubtfulLabels: { nodes: { givenLabel: string; suggestedLabel: string; score: number }[] }
}

const GROUP = 'id kind labels imageCount images { similarity image { id label } }'
const health = (after: string | null = null) =>
  ask<{ node: { health: Health } }>(
    `query($dataset: ID!, $after: String) { node(id: $dataset) { ... on Dataset { health {
      state isCurrent imageCount imageSize trunk { name } classBalance { ratio largest { label } }
      tinyImages { totalCount nodes { width } }
      duplicates(first: 1) { totalCount nodes { ${GROUP} } pageInfo { endCursor } }
      next: duplicates(first: 5, after: $after) { nodes { ${GROUP} } }
      contradictions: duplicates(labelsDiffer: true) { totalCount }
      doubtfulLabels { nodes { givenLabel suggestedLabel score } }
    } } } }`,
    { after },
  ).then((data) => data.node.health)

it('looks at a dataset once a run has its features, and tells what it found', async () => {
  expect(await health()).toMatchObject({ state: null, isCurrent: false, imageCount: null, trunk: null })
  await workshop.startTrainer()
  await workshop.until(await workshop.startRun({ epochs: 1 }), (run) => run.status === 'SUCCEEDED')
  await eventually(async () => (await row())?.state === 'SUCCEEDED')
  const first = await health()
  expect(first).toMatchObject({
    ...{ state: 'SUCCEEDED', isCurrent: true, imageCount: 43, imageSize: 32, trunk: { name: 'random' } },
    classBalance: { ratio: 22 / 21, largest: { label: 'dots' } },
    tinyImages: { totalCount: 1, nodes: [{ width: 16 }] },
    contradictions: { totalCount: 1 },
  })
  const [contradiction] = first.duplicates.nodes
  expect(contradiction).toMatchObject({ kind: 'NEAR', labels: ['dots', 'stripes'], imageCount: 2 })
  const { next } = await health(first.duplicates.pageInfo.endCursor)
  expect(next.nodes.find((group) => group.kind === 'IDENTICAL')).toMatchObject({ labels: ['dots'], imageCount: 2 })
  const known = await workshop.database.prisma.image.count({ where: { perceptualHash: null } })
  expect(known).toBe(0)
})

it('leaves out at once what was mended, and looks again by itself', async () => {
  const [group] = (await health()).duplicates.nodes
  const asked = (await row())?.requests ?? 0
  const wrong = group?.images.find(({ image }) => image.label === 'dots')?.image.id ?? ''
  await ask(`mutation($ids: [ID!]!) { relabelImages(input: { imageIds: $ids, label: "stripes" }) { __typename } }`, {
    ids: [wrong],
  })
  expect((await health()).contradictions.totalCount).toBe(0)
  expect((await row())?.requests).toBeGreaterThan(asked)
  await ask(`mutation($ids: [ID!]!) { removeImages(input: { imageIds: $ids }) { __typename } }`, { ids: [wrong] })
  expect((await health()).duplicates.nodes.map((each) => each.id)).not.toContain(group?.id)
  await eventually(async () => (await health()).isCurrent)
  expect(await health()).toMatchObject({ imageCount: 42, contradictions: { totalCount: 0 } })
})

it('is followed by subscription, and goes on in the next trainer after one was killed', async () => {
  for (const trainer of workshop.trainers) await stopProcess(trainer, 'SIGTERM')
  const killed = await workshop.startTrainer()
  expect((await inspect(64)).inspectDataset.health.state).toMatch(/QUEUED|RUNNING/)
  const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket })
  const query =
    'subscription($dataset: ID!) { datasetHealthChanged(datasetId: $dataset) { state imageSize computedAt error } }'
  const stream = client.iterate<{ datasetHealthChanged: { state: string; imageSize: number } }>({
    query,
    variables: { dataset: globalId('Dataset', datasetId) },
  })
  const seen: { state: string; imageSize: number }[] = []
  for await (const { data } of stream) {
    if (data) seen.push(data.datasetHealthChanged)
    if (seen.at(-1)?.state === 'RUNNING') await stopProcess(killed, 'SIGKILL')
    if (workshop.trainers.at(-1) === killed && seen.at(-1)?.state === 'RUNNING') await workshop.startTrainer()
  }
  await client.dispose()
  expect(seen.at(-1)).toMatchObject({ state: 'SUCCEEDED', imageSize: 64, error: null })
  expect((await row())?.lease).toBeGreaterThanOrEqual(4)
})

it('is kept together by versions that ask for it, and leaks are told of those that do not', async () => {
  const create = (together: string, seed: number) =>
    ask<{ createDatasetVersion: { duplicates: unknown; datasetVersion: { leaks: { totalCount: number } } } }>(
      `mutation($dataset: ID!, $seed: Int!) { createDatasetVersion(input: { datasetId: $dataset, seed: $seed ${together} }) {
        ... on CreateDatasetVersionSuccess {
          duplicates { groupCount imageCount }
          datasetVersion { leaks { totalCount nodes { group { kind } images { label split image { id } } } } }
        } ... on Error { message } } }`,
      { seed },
    ).then((data) => data.createDatasetVersion)
  const { duplicates } = await health()
  expect(duplicates.totalCount).toBeGreaterThan(0)
  const leaking: number[] = []
  for (let seed = 0; seed < 6; seed++) {
    const apart = await create('', seed)
    expect(apart.duplicates).toBeNull()
    leaking.push(apart.datasetVersion.leaks.totalCount)
    const together = await create('keepDuplicatesTogether: HEALTH', seed)
    expect(together.datasetVersion.leaks.totalCount).toBe(0)
    expect(together.duplicates).toMatchObject({ groupCount: duplicates.totalCount })
  }
  expect(Math.max(...leaking)).toBeGreaterThan(0)
})

it('fails with the way out where the trunk is gone, and keeps what was found before', async () => {
  const { prisma } = workshop.database
  const lost = 'a'.repeat(64)
  await prisma.trunk.create({ data: { sha256: lost, name: 'lost', pretrained: true } })
  await prisma.datasetHealth.update({ where: { datasetId }, data: { trunkSha256: lost } })
  await inspect(96)
  await eventually(async () => (await row())?.state === 'FAILED')
  expect((await row())?.error).toMatch(/missing from storage.*Set GRAFT_TRUNK_WEIGHTS/s)
  expect((await health()).duplicates.totalCount).toBeGreaterThan(0)
})
