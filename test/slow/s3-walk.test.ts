/** From pictures to a served and exported network with nothing between server and trainer but Postgres and S3. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestServer, type TestServer } from '../server/server.js'
import { describeWithS3, startS3Server, type S3Server } from '../storage/s3-server.js'
import { drawPicture, eventually, spawnTrainer, stopProcess } from '../trainer/fixture.js'

let s3: S3Server
let server: TestServer
let trainer: ChildProcess
let trainerDir: string

async function ask<Data>(query: string, input: object): Promise<Data> {
  const { data, errors } = await server.ask<Data>(query, { input })
  if (!data) throw new Error(JSON.stringify(errors))
  return data
}

async function importDrawings(): Promise<string> {
  for (const [classIndex, label] of ['dots', 'stripes'].entries()) {
    await mkdir(join(server.imports, 'drawn', label), { recursive: true })
    for (let i = 0; i < 12; i++) {
      await writeFile(join(server.imports, 'drawn', label, `${String(i)}.png`), await drawPicture(classIndex, i))
    }
  }
  const { createDataset } = await ask<{ createDataset: { dataset: { id: string } } }>(
    'mutation($input: CreateDatasetInput!) { createDataset(input: $input) { ... on CreateDatasetSuccess { dataset { id } } } }',
    { name: 'drawn' },
  )
  const { id: datasetId } = createDataset.dataset
  await ask('mutation($input: ImportImagesInput!) { importImages(input: $input) { __typename } }', {
    datasetId,
    source: { directory: join(server.imports, 'drawn') },
  })
  await eventually(
    async () => (await server.database.prisma.imageImport.count({ where: { state: 'SUCCEEDED' } })) === 1,
  )
  return datasetId
}

async function bestCheckpoint(): Promise<string> {
  const { data } = await server.ask<{ trainingRuns: { nodes: { bestCheckpoint: { id: string } }[] } }>(
    '{ trainingRuns(first: 1) { nodes { bestCheckpoint { id } } } }',
  )
  const [run] = data?.trainingRuns.nodes ?? []
  if (run === undefined) throw new Error('There is no run.')
  return run.bestCheckpoint.id
}

describeWithS3('with nothing in common but Postgres and S3', () => {
  beforeAll(async () => {
    s3 = await startS3Server()
    server = await createTestServer(s3.env('walk'))
    trainerDir = await mkdtemp(join(tmpdir(), 'graft-s3-trainer-'))
    trainer = await spawnTrainer({
      ...s3.env('walk'),
      DATABASE_URL: server.database.url,
      GRAFT_DATA_DIR: trainerDir,
      GRAFT_IMPORT_ROOTS: server.imports,
    })
  })

  afterAll(async () => {
    await stopProcess(trainer, 'SIGTERM')
    await server.close()
    await s3.close()
    await rm(trainerDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  })

  it('server and trainer import, train, classify and export', async () => {
    const datasetId = await importDrawings()
    const { createDatasetVersion } = await ask<{ createDatasetVersion: { datasetVersion: { id: string } } }>(
      `mutation($input: CreateDatasetVersionInput!) { createDatasetVersion(input: $input) {
        ... on CreateDatasetVersionSuccess { datasetVersion { id } } } }`,
      { datasetId, split: { fractions: { train: 0.5, validation: 0.25, test: 0.25 } } },
    )
    await ask(`mutation($input: StartTrainingRunInput!) { startTrainingRun(input: $input) { __typename } }`, {
      datasetVersionId: createDatasetVersion.datasetVersion.id,
      hyperparameters: { epochs: 2, imageSize: 32, batchSize: 8, hiddenUnits: [], trainableLayers: 'LAYER4' },
    })
    const { prisma } = server.database
    await eventually(
      async () => (await prisma.trainingRun.count({ where: { finishedAt: { not: null } } })) === 1,
      300_000,
    )
    expect(await prisma.trainingRun.findFirst()).toMatchObject({ status: 'SUCCEEDED', attempts: 1, failure: null })

    const base64 = (await drawPicture(0, 99)).toString('base64')
    const checkpointId = await bestCheckpoint()
    const { classify } = await ask<{ classify: { prediction: { label: string } } }>(
      'mutation($input: ClassifyInput!) { classify(input: $input) { ... on ClassifySuccess { prediction { label } } } }',
      { image: { base64 }, model: { checkpointId } },
    )
    expect(['dots', 'stripes']).toContain(classify.prediction.label)

    const { exportCheckpoint } = await ask<{ exportCheckpoint: { export: { url: string; sha256: string } } }>(
      `mutation($input: ExportCheckpointInput!) { exportCheckpoint(input: $input) {
        ... on ExportCheckpointSuccess { export { url sha256 } } } }`,
      { checkpointId, format: 'SAFETENSORS' },
    )
    const file = Buffer.from(await (await fetch(exportCheckpoint.export.url)).arrayBuffer())
    expect(createHash('sha256').update(file).digest('hex')).toBe(exportCheckpoint.export.sha256)

    expect(existsSync(join(trainerDir, 'blobs'))).toBe(false)
  })
})
