import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/config.js'
import type { Evaluation, Outcome } from '../../src/database/generated/client.js'
import { readManifest, writeManifest } from '../../src/domain/manifest.js'
import { globalId } from '../../src/graphql/ids.js'
import { startServer, type RunningServer } from '../../src/server.js'
import { eventually, openWorkshop, silent, stopProcess, type Workshop } from './fixture.js'

let workshop: Workshop
let server: RunningServer
let runId: string
let checkpointId: string

beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 12, VALIDATION: 4, TEST: 4 })
  const config = loadConfig({
    ...{ PORT: '0', DATABASE_URL: workshop.database.url, GRAFT_DATA_DIR: workshop.dataDir },
  })
  server = await startServer({ config, log: silent })
  await workshop.startTrainer()
  runId = await workshop.startRun({ epochs: 2 })
  await workshop.until(runId, (run) => run.status === 'SUCCEEDED')
  checkpointId = (await evaluationOfRun()).checkpointId
})
afterAll(async () => {
  await server.close()
  await workshop.close()
})

async function evaluationOfRun(): Promise<Evaluation> {
  const run = await workshop.database.prisma.trainingRun.findUniqueOrThrow({
    where: { id: runId },
    include: { evaluation: true },
  })
  if (run.evaluation === null) throw new Error('The run has no evaluation')
  return run.evaluation
}

async function evaluate(versionId: string, split: string): Promise<string> {
  const input = {
    checkpointId: globalId('Checkpoint', checkpointId),
    datasetVersionId: globalId('DatasetVersion', versionId),
    split,
  }
  const query = `mutation($input: EvaluateCheckpointInput!) {
    evaluateCheckpoint(input: $input) { ... on EvaluateCheckpointSuccess { evaluation { id } } } }`
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input } }),
  })
  const { data } = (await response.json()) as { data: { evaluateCheckpoint: { evaluation: { id: string } } } }
  return data.evaluateCheckpoint.evaluation.id
}

interface Followed {
  state: string
  loss: number | null
  error: string | null
  report: { accuracy: number } | null
}

/** What evaluationChanged says up to its end. */
async function follow(evaluationId: string): Promise<Followed[]> {
  const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket })
  const query =
    'subscription($id: ID!) { evaluationChanged(evaluationId: $id) { state loss error report { accuracy } } }'
  const seen: Followed[] = []
  const stream = client.iterate<{ evaluationChanged: Followed }>({ query, variables: { id: evaluationId } })
  for await (const { data } of stream) if (data) seen.push(data.evaluationChanged)
  await client.dispose()
  return seen
}

async function stored(evaluationId: string): Promise<Evaluation & { outcomes: Outcome[] }> {
  const rows = await workshop.database.prisma.evaluation.findMany({
    include: { outcomes: { orderBy: { position: 'asc' } } },
  })
  const row = rows.find(({ id }) => globalId('Evaluation', id) === evaluationId || id === evaluationId)
  if (row === undefined) throw new Error('There is no such evaluation')
  return row
}

/** The version again, with its classes the other way around. */
async function createReversedVersion(): Promise<string> {
  const { database, storage, versionId } = workshop
  const { prisma } = database
  const version = await prisma.datasetVersion.findUniqueOrThrow({ where: { id: versionId }, include: { images: true } })
  const manifest = readManifest((await storage.read(version.digest)).toString())
  const classNames = manifest.classNames.toReversed()
  const entries = manifest.entries.map((entry) => ({ ...entry, classIndex: 1 - entry.classIndex }))
  const { sha256: digest } = await storage.put(Buffer.from(writeManifest({ classNames, entries })))
  const { id } = await prisma.datasetVersion.create({
    data: { datasetId: version.datasetId, number: 2, digest, classNames, counts: {}, seed: 0 },
  })
  await prisma.datasetVersionImage.createMany({
    data: version.images.map((image) => ({ ...image, versionId: id, classIndex: 1 - image.classIndex })),
  })
  return id
}

it('says again what the run said, beside a run that goes on, and follows the labels whatever their order', async () => {
  const long = await workshop.startRun({ epochs: 1000 })
  await workshop.until(long, (run) => run.status === 'RUNNING')
  const same = await evaluate(workshop.versionId, 'TEST')
  const changes = await follow(same)
  const reversed = await evaluate(await createReversedVersion(), 'TEST')
  expect((await follow(reversed)).at(-1)).toMatchObject({ state: 'SUCCEEDED', error: null })
  expect((await workshop.run(long)).status).toBe('RUNNING')

  const [ofRun, first, second] = [
    await stored((await evaluationOfRun()).id),
    await stored(same),
    await stored(reversed),
  ]
  expect(changes.at(-1)).toMatchObject({ state: 'SUCCEEDED', report: { accuracy: expect.any(Number) as number } })
  expect(changes.at(-1)?.loss).toBeCloseTo(ofRun.loss as number, 5)
  expect(first.confusionMatrix).toEqual(ofRun.confusionMatrix)
  expect(first.outcomes).toHaveLength(8)
  for (const [i, outcome] of first.outcomes.entries()) {
    const { actual, predicted, imageId, probabilities } = ofRun.outcomes[i] as Outcome
    expect(outcome).toMatchObject({ actual, predicted, imageId })
    expect(outcome.probabilities[0]).toBeCloseTo(probabilities[0] as number, 5)
    const other = second.outcomes[i] as Outcome
    expect(other).toMatchObject({ actual: 1 - actual, predicted: 1 - predicted, loss: outcome.loss, imageId })
    expect(other.probabilities).toEqual(outcome.probabilities.toReversed())
  }
})

it('goes on in the next trainer after one was killed, as the same evaluation', async () => {
  const killed = await workshop.startTrainer()
  for (const trainer of workshop.trainers) if (trainer !== killed) await stopProcess(trainer, 'SIGTERM')
  const id = await evaluate(workshop.versionId, 'VALIDATION')
  await eventually(async () => (await stored(id)).state === 'RUNNING')
  await stopProcess(killed, 'SIGKILL')
  expect(await stored(id)).toMatchObject({ state: 'RUNNING', lease: 1 })
  await workshop.startTrainer()
  await eventually(async () => (await stored(id)).state !== 'RUNNING', 40_000)
  const { state, outcomes, lease } = await stored(id)
  expect({ state, outcomes: outcomes.length, lease }).toEqual({ state: 'SUCCEEDED', outcomes: 8, lease: 2 })
})

it('fails with the name of a picture that is gone, and says the way out', async () => {
  const { database, storage, versionId } = workshop
  const { image } = await database.prisma.datasetVersionImage.findFirstOrThrow({
    where: { versionId, split: 'TRAIN' },
    include: { image: true },
  })
  await storage.delete(image.sha256)
  await database.prisma.featureShard.deleteMany()
  const last = (await follow(await evaluate(versionId, 'TRAIN'))).at(-1)
  expect(last).toMatchObject({ state: 'FAILED', loss: null, report: null })
  expect(last?.error).toContain(`"${image.fileName}"`)
  expect(last?.error).toContain('Restore the picture')
})
