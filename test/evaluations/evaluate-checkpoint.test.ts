import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { globalId } from '../../src/graphql/ids.js'
import { createFileStore } from '../../src/storage/file-store.js'
import { digestOf, seedCheckpoint, seedRun, seedTrunk, seedVersion, type SeededVersion } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'

let server: TestServer
let version: SeededVersion
let checkpointId: string
let datasetVersionId: string

beforeAll(async () => {
  server = await createTestServer()
  const { prisma } = server.database
  version = await seedVersion(prisma, 'animals')
  datasetVersionId = globalId('DatasetVersion', version.versionId)
  const storage = await createFileStore(server.imports.replace(/imports$/, 'blobs'))
  // Asking needs a trunk that is there, not one that computes.
  const { sha256 } = await storage.put(Buffer.from('a trunk'))
  checkpointId = await seedCheckpointOn(sha256)
})

afterAll(() => server.close())

async function seedCheckpointOn(trunk: string): Promise<string> {
  const { prisma } = server.database
  const trunkSha256 = await seedTrunk(prisma, trunk)
  const run = await seedRun(prisma, version, { status: 'SUCCEEDED', trainerId: null, trunkSha256 })
  return globalId('Checkpoint', (await seedCheckpoint(prisma, run.id, 1)).id)
}

/** A version of the same dataset without pictures. */
async function seedEmptyVersion(classNames: string[]): Promise<string> {
  const { datasetId } = version
  const number = (await server.database.prisma.datasetVersion.count()) + 1
  const row = await server.database.prisma.datasetVersion.create({
    data: { datasetId, number, digest: digestOf(String(number)), classNames, counts: {}, seed: 0 },
  })
  return globalId('DatasetVersion', row.id)
}

async function evaluate(input: object): Promise<Record<string, unknown>> {
  const { data, errors } = await server.ask<{ evaluateCheckpoint: Record<string, unknown> }>(
    `mutation($input: EvaluateCheckpointInput!) { evaluateCheckpoint(input: $input) {
      __typename
      ... on EvaluateCheckpointSuccess {
        evaluation { id state split loss report { accuracy } error checkpoint { id } datasetVersion { id } }
      }
      ... on InvalidInput { message issues { path message } }
      ... on NotFound { id }
      ... on TrunkUnavailable { reason }
    } }`,
    { input: { checkpointId, datasetVersionId, ...input } },
  )
  if (!data) throw new Error(JSON.stringify(errors))
  return data.evaluateCheckpoint
}

const jobs = () =>
  server.database.prisma.$queryRaw<{ data: { evaluationId: string } }[]>`
    SELECT data FROM pgboss.job WHERE name = 'evaluation' ORDER BY created_on`

describe('evaluateCheckpoint', () => {
  it('writes the evaluation with its job, on TEST unless said otherwise, and its checkpoint lists it', async () => {
    const first = await evaluate({})
    const second = await evaluate({ split: 'VALIDATION' })
    expect(first).toMatchObject({
      __typename: 'EvaluateCheckpointSuccess',
      evaluation: {
        ...{ state: 'QUEUED', split: 'TEST', loss: null, report: null, error: null },
        ...{ checkpoint: { id: checkpointId }, datasetVersion: { id: datasetVersionId } },
      },
    })
    expect(second).toMatchObject({ evaluation: { split: 'VALIDATION' } })
    const { data } = await server.ask<{ node: unknown }>(
      'query($id: ID!) { node(id: $id) { ... on Checkpoint { evaluations { nodes { id } } } } }',
      { id: checkpointId },
    )
    const ids = [second, first].map(({ evaluation }) => ({ id: (evaluation as { id: string }).id }))
    expect(data?.node).toEqual({ evaluations: { nodes: ids } })
    const queued = (await jobs()).map(({ data: job }) => ({ id: globalId('Evaluation', job.evaluationId) }))
    expect(queued).toEqual(ids.reverse())
  })

  it('names what it does not know', async () => {
    for (const id of ['nonsense', datasetVersionId, globalId('Checkpoint', version.versionId)]) {
      expect(await evaluate({ checkpointId: id })).toEqual({ __typename: 'NotFound', id })
    }
    expect(await evaluate({ datasetVersionId: checkpointId })).toEqual({ __typename: 'NotFound', id: checkpointId })
  })

  it('refuses other classes and an empty part, both at once, and nothing is queued', async () => {
    const before = (await jobs()).length
    const reordered = await seedEmptyVersion(['dog', 'cat'])
    expect(await evaluate({ datasetVersionId: reordered })).toMatchObject({ issues: [{ path: ['split'] }] })
    for (const classNames of [['cat', 'cow'], ['cat', 'cow', 'dog'], ['cat']]) {
      const other = await evaluate({ datasetVersionId: await seedEmptyVersion(classNames), split: 'TRAIN' })
      expect(other).toMatchObject({
        __typename: 'InvalidInput',
        issues: [
          { path: ['datasetVersionId'] },
          { path: ['split'], message: expect.stringContaining('TRAIN') as string },
        ],
      })
    }
    expect(await jobs()).toHaveLength(before)
  })

  it('refuses a checkpoint whose trunk is missing', async () => {
    const lost = await seedCheckpointOn('ef'.repeat(32))
    expect(await evaluate({ checkpointId: lost })).toMatchObject({
      __typename: 'TrunkUnavailable',
      reason: expect.stringContaining('efef') as string,
    })
  })
})
