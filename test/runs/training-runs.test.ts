import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { globalId } from '../../src/graphql/ids.js'
import { createTestServer, type Answer, type TestServer } from '../server/server.js'
import { runIdOf, seedRun, seedTrunk, seedVersion, storeEpoch, type SeededVersion } from './rows.js'

let server: TestServer
let version: SeededVersion

beforeAll(async () => {
  server = await createTestServer()
  version = await seedVersion(server.database.prisma, 'animals')
})

afterAll(() => server.close())

interface Listed {
  trainingRuns: { totalCount: number; nodes: { name: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } }
}

const LIST = `query($first: Int, $after: String, $filter: TrainingRunFilter, $orderBy: TrainingRunOrder) {
  trainingRuns(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    totalCount nodes { name } pageInfo { endCursor hasNextPage }
  }
}`

/** Names of all runs, page by page. */
async function names(variables: object, first = 2): Promise<string[]> {
  const found: string[] = []
  for (let after: string | null = null; ;) {
    const { data, errors }: Answer<Listed> = await server.ask<Listed>(LIST, { first, after, ...variables })
    if (errors !== undefined || data === undefined) throw new Error(JSON.stringify(errors))
    found.push(...data.trainingRuns.nodes.map((run) => run.name))
    if (!data.trainingRuns.pageInfo.hasNextPage) {
      expect(data.trainingRuns.totalCount).toBe(found.length)
      return found
    }
    after = data.trainingRuns.pageInfo.endCursor
  }
}

describe('trainingRuns', () => {
  const filter = (more: object = {}) => ({ filter: { datasetId: globalId('Dataset', version.datasetId), ...more } })

  beforeAll(async () => {
    const { prisma } = server.database
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute))
    const runs = [
      { name: 'a_1', createdAt: at(1), bestValidationAccuracy: 0.9, testAccuracy: 0.5 },
      { name: 'b%2', createdAt: at(2), bestValidationAccuracy: 0.5, testAccuracy: null },
      { name: 'C 3', createdAt: at(3), bestValidationAccuracy: null, testAccuracy: null, status: 'FAILED' as const },
      { name: 'c 4', createdAt: at(4), bestValidationAccuracy: 0.9, testAccuracy: 0.75 },
      { name: 'e 5', createdAt: at(5), bestValidationAccuracy: null, testAccuracy: null, status: 'QUEUED' as const },
    ]
    for (const run of runs) await seedRun(prisma, version, run)
    await seedRun(prisma, await seedVersion(prisma, 'flowers'), { name: 'elsewhere' })
  })

  it('pages through every order, runs without the figure last', async () => {
    expect(await names(filter())).toEqual(['e 5', 'c 4', 'C 3', 'b%2', 'a_1'])
    expect(await names({ ...filter(), orderBy: null })).toEqual(['e 5', 'c 4', 'C 3', 'b%2', 'a_1'])
    expect(await names({ ...filter(), orderBy: 'CREATED_AT_ASC' })).toEqual(['a_1', 'b%2', 'C 3', 'c 4', 'e 5'])
    const best = await names({ ...filter(), orderBy: 'VALIDATION_ACCURACY_DESC' })
    expect(best).toEqual(['c 4', 'a_1', 'b%2', 'e 5', 'C 3'])
    const tested = await names({ ...filter(), orderBy: 'TEST_ACCURACY_DESC' }, 1)
    expect(tested).toEqual(['c 4', 'a_1', 'e 5', 'C 3', 'b%2'])
  })

  it('narrows by each field of the filter, taking texts literally', async () => {
    expect(await names(filter({ statuses: ['FAILED', 'QUEUED'] }))).toEqual(['e 5', 'C 3'])
    expect(await names(filter({ nameContains: 'c ' }))).toEqual(['c 4', 'C 3'])
    expect(await names(filter({ nameContains: '_' }))).toEqual(['a_1'])
    expect(await names(filter({ nameContains: '%' }))).toEqual(['b%2'])
    expect(await names(filter({ minValidationAccuracy: 0.9 }))).toEqual(['c 4', 'a_1'])
    const between = { createdAfter: '2026-01-01T00:01:00Z', createdBefore: '2026-01-01T01:04:00+01:00' }
    expect(await names(filter(between))).toEqual(['C 3', 'b%2'])
    expect(await names({ filter: { datasetId: 'nonsense' } })).toEqual([])
    expect(await names(filter({ datasetId: null, statuses: null, nameContains: 'elsewhere' }))).toEqual(['elsewhere'])
  })

  it('refuses a cursor of another order and a first beyond its bounds', async () => {
    const { data } = await server.ask<Listed>(LIST, { first: 1, orderBy: 'CREATED_AT_ASC' })
    const after = data?.trainingRuns.pageInfo.endCursor
    for (const variables of [{ after }, { first: 0 }, { first: 101 }, { after: 'nonsense' }]) {
      const { errors } = await server.ask(LIST, variables)
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    }
  })

  it("lists a dataset's own", async () => {
    const { data } = await server.ask(
      '{ dataset(name: "flowers") { trainingRuns { totalCount nodes { name datasetVersion { number } } } } }',
    )
    expect(data).toEqual({
      dataset: { trainingRuns: { totalCount: 1, nodes: [{ name: 'elsewhere', datasetVersion: { number: 1 } }] } },
    })
  })
})

describe('a training run', () => {
  it('shows everything that is known of it', async () => {
    const { prisma } = server.database
    const run = await seedRun(prisma, version, {
      name: 'whole',
      status: 'FAILED',
      hyperparameters: { hiddenUnits: [8], dropout: [0.25], earlyStopping: { patience: 3 } },
      trunkSha256: await seedTrunk(prisma),
      engine: { backend: 'wasm', device: 'a processor', version: '4.22.0' },
      failure: { code: 'NON_FINITE_LOSS', message: 'It diverged.', suggestion: { text: 'Slower.', changes: [] } },
    })
    for (const [i, isBest] of [true, true, false].entries()) await storeEpoch(prisma, run.id, i + 1, isBest)
    const { data } = await server.ask<{ node: Record<string, unknown> }>(
      `query($id: ID!) { node(id: $id) { ... on TrainingRun {
        id name status attempts trunk { name pretrained } fromCheckpoint { id } engine { backend device version }
        failure { code message suggestion { text changes { name } } }
        hyperparameters { epochs hiddenUnits dropout schedule trainableLayers earlyStopping { patience minDelta } }
        epochs { number } some: epochs(afterEpoch: 1, first: 1) { number trainingRun { name } } none: epochs(afterEpoch: 2147483647) { number }
        latestEpoch { number } bestEpoch { number validationLoss perClass { label f1Score } }
        checkpoints { totalCount nodes { epoch trunk { sha256 } aliases trainingRun { name } } } bestCheckpoint { epoch byteSize }
        evaluation { id } architecture { text parameterCount trainableParameterCount }
      } } }`,
      { id: runIdOf(run) },
    )
    const trunk = { sha256: run.trunkSha256 }
    expect(data?.node).toMatchObject({
      id: runIdOf(run),
      ...{ name: 'whole', status: 'FAILED', attempts: 1, fromCheckpoint: null, evaluation: null },
      trunk: { name: 'random', pretrained: false },
      engine: { backend: 'wasm', device: 'a processor', version: '4.22.0' },
      failure: { code: 'NON_FINITE_LOSS', message: 'It diverged.', suggestion: { text: 'Slower.', changes: [] } },
      hyperparameters: {
        ...{ epochs: 10, hiddenUnits: [8], dropout: [0.25], schedule: 'COSINE', trainableLayers: 'HEAD' },
        earlyStopping: { patience: 3, minDelta: 0 },
      },
      epochs: [{ number: 1 }, { number: 2 }, { number: 3 }],
      some: [{ number: 2, trainingRun: { name: 'whole' } }],
      none: [],
      latestEpoch: { number: 3 },
      bestEpoch: { number: 2, validationLoss: 0.5, perClass: [{ label: 'cat', f1Score: 2 / 3 }, { label: 'dog' }] },
      checkpoints: { totalCount: 2, nodes: [{ epoch: 2, trunk, aliases: [], trainingRun: { name: 'whole' } }, {}] },
      bestCheckpoint: { epoch: 2, byteSize: 1000 },
      architecture: { parameterCount: 23_508_032 + 2049 * 8 + 9 * 2, trainableParameterCount: 2049 * 8 + 9 * 2 },
    })
    expect(data?.node['architecture']).toHaveProperty('text', expect.stringMatching(/^ResNet\([^]*out_features=2/))
  })

  it('is null where the id is of another type, and its epochs keep their bounds', async () => {
    const { data, errors } = await server.ask(
      `query($id: ID!, $run: ID!) { a: node(id: $id) { id } b: node(id: $run) { ... on TrainingRun { epochs(first: 101) { number } } } }`,
      { id: globalId('Epoch', version.versionId), run: runIdOf(await seedRun(server.database.prisma, version)) },
    )
    expect(data).toEqual({ a: null, b: null })
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })
})

describe('system', () => {
  it('tells of trainers that live, what they train with, and what waits', async () => {
    const { prisma } = server.database
    const ask = () =>
      server.ask<{ system: Record<string, unknown> }>(
        '{ system { version engine { backend } trunk { name } queuedRuns runningRuns trainers { id currentRun { name } trunkFault lastSeenAt } } }',
      )
    expect((await ask()).data?.system).toMatchObject({ version: '0.1.0', engine: null, trunk: null, trainers: [] })
    const run = await seedRun(prisma, version, { name: 'now' })
    const engine = (backend: string) => ({ backend, device: 'a processor', version: '1' })
    await prisma.trainer.create({ data: { engine: engine('cpu'), lastSeenAt: new Date(Date.now() - 60_000) } })
    await prisma.trainer.create({
      data: {
        engine: engine('wasm'),
        trunkSha256: await seedTrunk(prisma),
        currentRunId: run.id,
        trunkFault: 'The file is gone.',
      },
    })
    const queued = await prisma.trainingRun.count({ where: { status: 'QUEUED' } })
    const running = await prisma.trainingRun.count({ where: { status: 'RUNNING' } })
    expect((await ask()).data?.system).toMatchObject({
      engine: { backend: 'wasm' },
      trunk: { name: 'random' },
      queuedRuns: queued,
      runningRuns: running,
      trainers: [{ currentRun: { name: 'now' }, trunkFault: 'The file is gone.' }],
    })
  })
})
