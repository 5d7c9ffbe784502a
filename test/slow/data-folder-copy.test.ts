/** The recipe of docs/operations.md for Graft with a Postgres of its own, as it stands there: stop, copy, start elsewhere. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/config.js'
import { openDatabase, type Database } from '../../src/database/database.js'
import { parseHyperparameters } from '../../src/domain/hyperparameters.js'
import { globalId } from '../../src/graphql/ids.js'
import { startServer } from '../../src/server.js'
import { createFileStore } from '../../src/storage/file-store.js'
import { createVersion, drawPicture, eventually, silent, spawnTrainer, stopProcess } from '../trainer/fixture.js'

const HYPERPARAMETERS = { imageSize: 32, hiddenUnits: [], batchSize: 8 }
const HISTORY = `query($id: ID!) { run: node(id: $id) { ... on TrainingRun { name status hyperparameters { epochs }
  epochs(first: 100) { number trainLoss validationLoss validationAccuracy finishedAt perClass { label precision recall } }
  evaluation { report { accuracy } } checkpoints(first: 10) { nodes { id epoch byteSize } } } } }`
const CLASSIFY = `mutation($input: ClassifyInput!) { classify(input: $input) { __typename
  ... on ClassifySuccess { prediction { label scores { label probability } } } } }`

let folder: string
const envOf = (dataDir: string) => ({ GRAFT_DATA_DIR: dataDir, GRAFT_TRUNK_WEIGHTS: 'random', PORT: '0' })
const openOwn = (dataDir: string): Promise<Database> =>
  openDatabase({ config: loadConfig(envOf(dataDir)), applicationName: 'graft-test', log: silent })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-backup-'))
})
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))

async function startRun({ prisma }: Database, datasetVersionId: string, epochs: number): Promise<string> {
  const parsed = parseHyperparameters({ ...HYPERPARAMETERS, epochs })
  if ('issues' in parsed) throw new Error(JSON.stringify(parsed.issues))
  const hyperparameters = { ...parsed.value }
  const { id } = await prisma.trainingRun.create({ data: { name: 'run', datasetVersionId, hyperparameters } })
  return id
}

/** What a server over that data folder answers. */
async function answers(dataDir: string, runId: string): Promise<{ history: unknown; prediction: unknown }> {
  const server = await startServer({ config: loadConfig(envOf(dataDir)), log: silent })
  const ask = async (query: string, variables: object): Promise<{ data: Record<string, unknown> }> => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ query, variables })
    return (await (await fetch(`${server.url}/graphql`, { method: 'POST', headers, body })).json()) as never
  }
  try {
    const history = await ask(HISTORY, { id: globalId('TrainingRun', runId) })
    const { checkpoints } = history.data['run'] as { checkpoints: { nodes: { id: string }[] } }
    const image = { base64: (await drawPicture(0, 99)).toString('base64') }
    const input = { image, model: { checkpointId: checkpoints.nodes[0]?.id } }
    return { history, prediction: await ask(CLASSIFY, { input }) }
  } finally {
    await server.close()
  }
}

it('answers the same history, classifies the same and goes on training from a copy of the stopped data folder', async () => {
  const [original, copy] = [join(folder, 'original'), join(folder, 'copy')]
  const before = await openOwn(original)
  const storage = await createFileStore(join(original, 'blobs'))
  const { versionId } = await createVersion({ database: before, storage }, { TRAIN: 16, VALIDATION: 4, TEST: 4 })
  const finished = await startRun(before, versionId, 3)
  const interrupted = await startRun(before, versionId, 1000)
  const trainer = await spawnTrainer(envOf(original))
  const latest = async ({ prisma }: Database): Promise<number> =>
    (await prisma.trainingRun.findUniqueOrThrow({ where: { id: interrupted } })).latestEpochNumber ?? 0
  await eventually(async () => (await latest(before)) >= 2)
  await stopProcess(trainer, 'SIGTERM')
  const stoppedAt = await latest(before)
  expect(stoppedAt).toBeLessThan(1000)
  const epochs = await before.prisma.epoch.findMany({
    where: { trainingRunId: interrupted },
    orderBy: { number: 'asc' },
  })
  const told = await answers(original, finished)
  expect(told).toMatchObject({
    history: { data: { run: { status: 'SUCCEEDED', epochs: { length: 3 } } } },
    prediction: { data: { classify: { __typename: 'ClassifySuccess' } } },
  })
  await before.close()

  await promisify(execFile)('cp', ['-a', original, copy])
  await rm(original, { recursive: true })

  expect(await answers(copy, finished)).toEqual(told)
  const after = await openOwn(copy)
  const second = await spawnTrainer(envOf(copy))
  await eventually(async () => (await latest(after)) >= stoppedAt + 2)
  await stopProcess(second, 'SIGTERM')
  const all = await after.prisma.epoch.findMany({ where: { trainingRunId: interrupted }, orderBy: { number: 'asc' } })
  expect(all.slice(0, epochs.length)).toEqual(epochs)
  expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => index + 1))
  await after.close()
})
