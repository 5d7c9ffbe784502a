import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { globalId } from '../../src/graphql/ids.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { digestOf, seedCheckpoint, seedRun, seedTrunk, seedVersion, type SeededVersion } from './rows.js'

let server: TestServer
let version: SeededVersion
let datasetVersionId: string

const TOKENS = { ann: 'secret-of-ann-1234', bob: 'secret-of-bob-1234' }

beforeAll(async () => {
  server = await createTestServer({ GRAFT_TOKENS: `ann:admin:${TOKENS.ann},bob:admin:${TOKENS.bob}` })
  version = await seedVersion(server.database.prisma, 'animals')
  datasetVersionId = globalId('DatasetVersion', version.versionId)
})

afterAll(() => server.close())

interface Started {
  __typename: string
  trainingRun: { id: string; name: string; status: string; hyperparameters: Record<string, unknown> }
  issues: { path: string[]; message: string }[]
  id: string
}

async function start(input: object, token = TOKENS.ann): Promise<Started> {
  const { data, errors } = await server.ask<{ startTrainingRun: Started }>(
    `mutation($input: StartTrainingRunInput!) { startTrainingRun(input: $input) {
      __typename
      ... on StartTrainingRunSuccess { trainingRun {
        id name status attempts trunk { sha256 } fromCheckpoint { epoch }
        hyperparameters { epochs learningRate optimizer hiddenUnits dropout earlyStopping { minDelta } }
      } }
      ... on InvalidInput { issues { path message } }
      ... on NotFound { id }
      ... on IdempotencyConflict { trainingRun { id name } }
    } }`,
    { input: { datasetVersionId, ...input } },
    { authorization: `Bearer ${token}` },
  )
  if (!data) throw new Error(JSON.stringify(errors))
  return data.startTrainingRun
}

describe('startTrainingRun', () => {
  it('queues a run with every default filled in, null counting as left out, and names it', async () => {
    const started = await start({ hyperparameters: { epochs: 3, optimizer: null, earlyStopping: { patience: 2 } } })
    expect(started).toMatchObject({
      __typename: 'StartTrainingRunSuccess',
      trainingRun: {
        ...{ name: 'animals v1 #1', status: 'QUEUED', attempts: 1, trunk: null, fromCheckpoint: null },
        hyperparameters: {
          ...{ epochs: 3, learningRate: 0.001, optimizer: 'ADAM', hiddenUnits: [1024, 256], dropout: [0.5, 0.3] },
          earlyStopping: { minDelta: 0 },
        },
      },
    })
    expect((await start({ name: 'mine', hyperparameters: null })).trainingRun.name).toBe('mine')
    expect((await start({})).trainingRun.name).toBe('animals v1 #3')
  })

  it('tells all issues at once', async () => {
    const refused = await start({
      name: 'line\nbreak',
      idempotencyKey: '',
      hyperparameters: { epochs: 0, dropout: [0.5, 1], imageSize: 100 },
    })
    expect(refused.__typename).toBe('InvalidInput')
    expect(refused.issues.map((issue) => issue.path.join('.')).sort()).toEqual([
      'hyperparameters.dropout.1',
      'hyperparameters.epochs',
      'hyperparameters.imageSize',
      'idempotencyKey',
      'name',
    ])
  })

  it('finds no version or checkpoint by an id of another type', async () => {
    const elsewhere = globalId('Dataset', version.versionId)
    expect(await start({ datasetVersionId: elsewhere })).toEqual({ __typename: 'NotFound', id: elsewhere })
    expect(await start({ fromCheckpointId: 'nonsense' })).toEqual({ __typename: 'NotFound', id: 'nonsense' })
  })

  it('takes the head and the trunk of the checkpoint that it starts from', async () => {
    const { prisma } = server.database
    const trunkSha256 = await seedTrunk(prisma, digestOf('another trunk'))
    const parent = await seedRun(prisma, version, {
      status: 'SUCCEEDED',
      trunkSha256,
      hyperparameters: { hiddenUnits: [32], dropout: [0.1], epochs: 2 },
    })
    const checkpoint = await seedCheckpoint(prisma, parent.id, 1)
    const fromCheckpointId = globalId('Checkpoint', checkpoint.id)
    expect((await start({ fromCheckpointId })).trainingRun).toMatchObject({
      trunk: { sha256: trunkSha256 },
      fromCheckpoint: { epoch: 1 },
      hyperparameters: { hiddenUnits: [32], dropout: [0.1], epochs: 10 },
    })
    const other = await start({ fromCheckpointId, hyperparameters: { hiddenUnits: [16, 8] } })
    expect(other.trainingRun.hyperparameters).toMatchObject({ hiddenUnits: [16, 8], dropout: [0.5, 0.3] })
  })

  it('is pinned from the start to the trunk as the checkpoint trained it', async () => {
    const { prisma } = server.database
    const trunkSha256 = await seedTrunk(prisma)
    const parent = await seedRun(prisma, version, { status: 'SUCCEEDED', trunkSha256 })
    const { id } = await seedCheckpoint(prisma, parent.id, 3)
    const trainedTrunkSha256 = digestOf('a trained trunk')
    await prisma.checkpoint.update({ where: { id }, data: { trainedTrunkSha256 } })
    const fromCheckpointId = globalId('Checkpoint', id)
    for (const trainableLayers of ['HEAD', 'LAYER4', 'ALL']) {
      const { trainingRun } = await start({ fromCheckpointId, hyperparameters: { trainableLayers } })
      expect(trainingRun).toMatchObject({ trunk: { sha256: trainedTrunkSha256 } })
    }
    const [trained, base] = await Promise.all(
      [trainedTrunkSha256, trunkSha256].map((sha256) => prisma.trunk.findUniqueOrThrow({ where: { sha256 } })),
    )
    expect(trained?.pretrained).toBe(base?.pretrained)
    expect(trained?.name).toContain(parent.id)
  })

  it('makes one run of one key, however often and at once it is asked, for each token', async () => {
    const input = { idempotencyKey: 'nightly', hyperparameters: { epochs: 5 } }
    const answers = await Promise.all(Array.from({ length: 20 }, () => start(input)))
    expect(new Set(answers.map((answer) => answer.trainingRun.id)).size).toBe(1)
    // The same input with a default spelled out.
    const same = await start({ ...input, hyperparameters: { epochs: 5, hiddenUnits: [1024, 256], optimizer: 'ADAM' } })
    expect(same.trainingRun.id).toBe(answers[0]?.trainingRun.id)
    const conflict = await start({ ...input, hyperparameters: { epochs: 6 } })
    expect(conflict).toMatchObject({
      __typename: 'IdempotencyConflict',
      trainingRun: { id: answers[0]?.trainingRun.id },
    })
    const bobs = await start(input, TOKENS.bob)
    expect(bobs.trainingRun.id).not.toBe(answers[0]?.trainingRun.id)
  })
})

describe('trainingMemoryBytes', () => {
  const memoryOf = async (hyperparameters: object): Promise<number | null> => {
    const { data } = await server.ask<{ node: { trainingMemoryBytes: number | null } }>(
      `query($id: ID!, $hyperparameters: HyperparametersInput) { node(id: $id) {
        ... on DatasetVersion { trainingMemoryBytes(hyperparameters: $hyperparameters) } } }`,
      { id: datasetVersionId, hyperparameters },
      { authorization: `Bearer ${TOKENS.ann}` },
    )
    return data?.node.trainingMemoryBytes ?? null
  }

  it('is what a step of such a run takes, and null where it would be refused', async () => {
    const head = await memoryOf({})
    expect(head).toBeGreaterThan(200e6)
    expect(head).toBeLessThan(300e6)
    const [some, twice] = [
      await memoryOf({ trainableLayers: 'ALL' }),
      await memoryOf({ trainableLayers: 'ALL', batchSize: 128 }),
    ]
    expect(some).toBeGreaterThan(5e9)
    expect(twice).toBeGreaterThan(1.8 * (some ?? 0))
    expect(await memoryOf({ imageSize: 33 })).toBeNull()
  })
})
