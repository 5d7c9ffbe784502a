import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TrainingRunStatus } from '../../src/domain/status.js'
import { globalId } from '../../src/graphql/ids.js'
import { createFileStore } from '../../src/storage/file-store.js'
import type { BlobStore } from '../../src/storage/blob-store.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { runIdOf, seedCheckpoint, seedRun, seedVersion, storeEpoch, type SeededVersion } from './rows.js'

let server: TestServer
let version: SeededVersion
let storage: BlobStore

beforeAll(async () => {
  server = await createTestServer()
  version = await seedVersion(server.database.prisma, 'animals')
  storage = await createFileStore(server.imports.replace(/imports$/, 'blobs'))
})

afterAll(() => server.close())

async function ask(mutation: string, id: string): Promise<Record<string, unknown>> {
  const name = `${mutation}TrainingRun`
  const typeName = `${mutation[0]?.toUpperCase() ?? ''}${mutation.slice(1)}TrainingRun`
  const success = mutation === 'delete' ? 'deletedId' : 'trainingRun { status attempts finishedAt failure { code } }'
  const refusal = { cancel: 'NotCancellable { status }', resume: 'NotResumable { status }' }[mutation]
  const { data, errors } = await server.ask<Record<string, Record<string, unknown>>>(
    `mutation($input: ${typeName}Input!) { ${name}(input: $input) {
      __typename
      ... on ${typeName}Success { ${success} }
      ... on NotFound { id }
      ... on ${refusal ?? 'InUse { usedBy { __typename id } }'}
    } }`,
    { input: { trainingRunId: id } },
  )
  if (data?.[name] === undefined) throw new Error(JSON.stringify(errors))
  return data[name]
}

const stored = (id: string) => server.database.prisma.trainingRun.findUniqueOrThrow({ where: { id } })

describe('cancelTrainingRun', () => {
  it('ends at once a run that nobody holds', async () => {
    for (const status of ['QUEUED', 'PREPARING'] as const) {
      const run = await seedRun(server.database.prisma, version, { status, trainerId: null })
      expect(await ask('cancel', runIdOf(run))).toMatchObject({
        __typename: 'CancelTrainingRunSuccess',
        trainingRun: { status: 'CANCELLED', attempts: 1, finishedAt: expect.stringMatching(/Z$/) as string },
      })
    }
  })

  it('asks the trainer of a held run, once', async () => {
    const run = await seedRun(server.database.prisma, version)
    expect(await ask('cancel', runIdOf(run))).toMatchObject({ trainingRun: { status: 'RUNNING', finishedAt: null } })
    const first = (await stored(run.id)).cancelRequestedAt
    expect(first).toBeInstanceOf(Date)
    expect(await ask('cancel', runIdOf(run))).toMatchObject({ __typename: 'CancelTrainingRunSuccess' })
    expect((await stored(run.id)).cancelRequestedAt).toEqual(first)
  })

  it('refuses a run that has ended, and an id that is none', async () => {
    const run = await seedRun(server.database.prisma, version, { status: 'SUCCEEDED', trainerId: null })
    expect(await ask('cancel', runIdOf(run))).toEqual({ __typename: 'NotCancellable', status: 'SUCCEEDED' })
    expect(await ask('cancel', globalId('Epoch', run.id))).toMatchObject({ __typename: 'NotFound' })
  })
})

describe('resumeTrainingRun', () => {
  it('queues a failed or cancelled run again, its epochs and attempts kept', async () => {
    const { prisma } = server.database
    const run = await seedRun(prisma, version, {
      ...{ status: 'FAILED', trainerId: null, attempts: 2, finishedAt: new Date(), cancelRequestedAt: new Date() },
      failure: { code: 'INTERNAL', message: 'It broke.', suggestion: null },
    })
    await storeEpoch(prisma, run.id, 1, true)
    expect(await ask('resume', runIdOf(run))).toEqual({
      __typename: 'ResumeTrainingRunSuccess',
      trainingRun: { status: 'QUEUED', attempts: 2, finishedAt: null, failure: null },
    })
    expect(await stored(run.id)).toMatchObject({ cancelRequestedAt: null, latestEpochNumber: 1, trainerId: null })
  })

  it('refuses every other status', async () => {
    for (const status of ['QUEUED', 'RUNNING', 'SUCCEEDED'] satisfies TrainingRunStatus[]) {
      const run = await seedRun(server.database.prisma, version, { status })
      expect(await ask('resume', runIdOf(run))).toEqual({ __typename: 'NotResumable', status })
    }
  })
})

describe('deleteTrainingRun', () => {
  it('takes everything below along, blobs too, but leaves predictions', async () => {
    const { prisma } = server.database
    const resume = await storage.put(Buffer.from('the resume state'))
    const run = await seedRun(prisma, version, { status: 'FAILED', trainerId: null, resumeSha256: resume.sha256 })
    const blob = await storage.put(Buffer.from('the checkpoint'))
    const checkpoint = await seedCheckpoint(prisma, run.id, 1, blob.sha256)
    const prediction = await prisma.prediction.create({
      data: {
        checkpointId: checkpoint.id,
        ...{ label: 'cat', confidence: 1, scores: [], imageSha256: '00', latencyMs: 1 },
      },
    })
    expect(await ask('delete', runIdOf(run))).toEqual({
      __typename: 'DeleteTrainingRunSuccess',
      deletedId: runIdOf(run),
    })
    expect(await prisma.trainingRun.findUnique({ where: { id: run.id } })).toBeNull()
    expect(await storage.stat(blob.sha256)).toBeNull()
    expect(await storage.stat(resume.sha256)).toBeNull()
    const { data } = await server.ask('query($id: ID!) { node(id: $id) { ... on Prediction { checkpoint { id } } } }', {
      id: globalId('Prediction', prediction.id),
    })
    expect(data).toEqual({ node: { checkpoint: null } })
    expect(await ask('delete', runIdOf(run))).toEqual({ __typename: 'NotFound', id: runIdOf(run) })
  })

  it('names what still needs it', async () => {
    const { prisma } = server.database
    const unfinished = await seedRun(prisma, version)
    expect(await ask('delete', runIdOf(unfinished))).toEqual({
      __typename: 'InUse',
      usedBy: [{ __typename: 'TrainingRun', id: runIdOf(unfinished) }],
    })
    const run = await seedRun(prisma, version, { status: 'SUCCEEDED', trainerId: null })
    const { id: checkpointId } = await seedCheckpoint(prisma, run.id, 1)
    const alias = await prisma.alias.create({ data: { name: 'production', checkpointId } })
    const child = await seedRun(prisma, version, { fromCheckpointId: checkpointId })
    expect(await ask('delete', runIdOf(run))).toEqual({
      __typename: 'InUse',
      usedBy: [
        { __typename: 'Alias', id: globalId('Alias', alias.id) },
        { __typename: 'TrainingRun', id: runIdOf(child) },
      ],
    })
  })
})
