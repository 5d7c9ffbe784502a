/**
 * The recipe of docs/operations.md, its very commands, on a Postgres that has its own pg_dump: taken while a run goes on,
 * restored as on another machine, and gone on with. Needs Debian's postgresql and rsync.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/config.js'
import { applyMigrations, openPrisma } from '../../src/database/database.js'
import { globalId } from '../../src/graphql/ids.js'
import { startServer, type RunningServer } from '../../src/server.js'
import type { TestDatabase } from '../database.js'
import { drawPicture, eventually, openWorkshop, silent, stopProcess, type Workshop } from '../trainer/fixture.js'

const run = promisify(execFile)
const PLACES = '/usr/lib/postgresql'
const [newest] = existsSync(PLACES) ? readdirSync(PLACES).sort((a, b) => Number(b) - Number(a)) : []
const binaries = newest === undefined ? undefined : join(PLACES, newest, 'bin')
const canRun = binaries !== undefined && existsSync(join(binaries, 'pg_dump')) && existsSync('/usr/bin/rsync')
const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8')
const NOBODY = 65_534

/** The page's shell block that begins with the comment. */
function recipe(name: string): string {
  const [, script] = new RegExp(`\`\`\`sh\\n# ${name}\\n([^\`]*)\`\`\``).exec(page) ?? []
  if (script === undefined) throw new Error(`There is no recipe ${name}`)
  return script
}

async function follow(name: string, env: Record<string, string>): Promise<string> {
  const path = `${binaries ?? ''}:${process.env['PATH'] ?? ''}`
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', recipe(name)], { env: { ...env, PATH: path } })
  return stdout
}

describe.skipIf(!canRun)('the backup of docs/operations.md (needs postgresql and rsync)', () => {
  let folder: string
  let postgres: ChildProcess
  let port: number
  let workshop: Workshop
  let restored: { url: string; dataDir: string; server: RunningServer }
  let runId: string
  let epochsThen: { number: number; validationLoss: number }[]

  const urlOf = (name: string): string => `postgresql://postgres@127.0.0.1:${String(port)}/${name}`

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graft-backup-'))
    await startPostgres()
    workshop = await openWorkshop({ TRAIN: 12, VALIDATION: 4, TEST: 4 }, () => createDatabase('graft'))
    await workshop.startTrainer()
    runId = await workshop.startRun({ epochs: 400, hiddenUnits: [64] })
    await workshop.until(runId, (row) => (row.latestEpochNumber ?? 0) >= 3)
    const place = { BACKUP: join(folder, 'backup'), BLOBS: join(workshop.dataDir, 'blobs') }
    await follow('backup', { ...place, DATABASE_URL: urlOf('graft') })
    expect((await workshop.run(runId)).status).toBe('RUNNING')
    await workshop.database.prisma.trainingRun.update({ where: { id: runId }, data: { cancelRequestedAt: new Date() } })

    const dataDir = join(folder, 'other')
    await mkdir(dataDir)
    await createEmpty('restored')
    const there = { BACKUP: place.BACKUP, BLOBS: join(dataDir, 'blobs'), DATABASE_URL: urlOf('restored') }
    await follow('restore', there)
    expect(await follow('verify', { BLOBS: there.BLOBS })).toBe('')
    const config = loadConfig({ PORT: '0', DATABASE_URL: there.DATABASE_URL, GRAFT_DATA_DIR: dataDir })
    restored = { url: there.DATABASE_URL, dataDir, server: await startServer({ config, log: silent }) }
    epochsThen = await epochs()
  })

  afterAll(async () => {
    await restored.server.close()
    await workshop.close()
    await stopProcess(postgres, 'SIGINT')
    await rm(folder, { recursive: true })
  })

  async function startPostgres(): Promise<void> {
    const data = join(folder, 'postgres')
    await mkdir(data)
    await chown(folder, NOBODY, NOBODY)
    await chown(data, NOBODY, NOBODY)
    const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
    const options = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C', `--pgdata=${data}`]
    await run(join(binaries ?? '', 'initdb'), options, { ...as, cwd: folder })
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    ;({ port } = probe.address() as AddressInfo)
    probe.close()
    const settings = [
      '-D',
      data,
      '-p',
      String(port),
      '-k',
      folder,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'fsync=off',
    ]
    postgres = spawn(join(binaries ?? '', 'postgres'), settings, { ...as, cwd: folder, stdio: 'ignore' })
    await eventually(() =>
      administrate('SELECT 1').then(
        () => true,
        () => false,
      ),
    )
  }

  async function administrate(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: urlOf('postgres') })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }

  const createEmpty = (name: string): Promise<void> => administrate(`CREATE DATABASE ${name}`)

  async function createDatabase(name: string): Promise<TestDatabase> {
    await createEmpty(name)
    const url = urlOf(name)
    await applyMigrations(url)
    const prisma = openPrisma({ url, applicationName: 'graft-test', log: silent })
    return { url, prisma, close: () => prisma.$disconnect() }
  }

  async function ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const response = await fetch(`${restored.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
    expect(errors).toBeUndefined()
    return data
  }

  async function epochs(): Promise<{ number: number; validationLoss: number }[]> {
    const query = `query($id: ID!) { node(id: $id) { ... on TrainingRun {
      status epochs(first: 100) { number validationLoss } } } }`
    const id = globalId('TrainingRun', runId)
    const { node } = await ask<{ node: { epochs: { number: number; validationLoss: number }[] } }>(query, { id })
    return node.epochs
  }

  async function classify(): Promise<{ __typename: string }> {
    // The restored one's: the original has other checkpoints by now.
    const best = 'query($id: ID!) { node(id: $id) { ... on TrainingRun { bestCheckpoint { id } } } }'
    const id = globalId('TrainingRun', runId)
    const { node } = await ask<{ node: { bestCheckpoint: { id: string } } }>(best, { id })
    const model = { checkpointId: node.bestCheckpoint.id }
    const image = { base64: (await drawPicture(1, 77)).toString('base64') }
    const query = 'mutation($input: ClassifyInput!) { classify(input: $input) { __typename } }'
    return (await ask<{ classify: { __typename: string } }>(query, { input: { model, image } })).classify
  }

  it('answers the history as it was, and classifies, before any trainer is there', async () => {
    expect(epochsThen.length).toBeGreaterThanOrEqual(3)
    const { prisma } = workshop.database
    const original = await prisma.epoch.findMany({ where: { trainingRunId: runId }, orderBy: { number: 'asc' } })
    for (const epoch of epochsThen) {
      const { validationLoss } = original.find(({ number }) => number === epoch.number) ?? {}
      expect(epoch.validationLoss).toBe(validationLoss)
    }
    expect(await classify()).toEqual({ __typename: 'ClassifySuccess' })
  })

  it('goes on with the run from where the backup has it, to the figures that the original got', async () => {
    const prisma = openPrisma({ url: restored.url, applicationName: 'graft-test', log: silent })
    try {
      await workshop.startTrainer({ DATABASE_URL: restored.url, GRAFT_DATA_DIR: restored.dataDir })
      const last = epochsThen.at(-1)?.number ?? 0
      const now = () => prisma.trainingRun.findUniqueOrThrow({ where: { id: runId } })
      await eventually(async () => ((await now()).latestEpochNumber ?? 0) > last + 3)
      expect(await now()).toMatchObject({ attempts: 2, failure: null })
      const where = { trainingRunId: runId, number: { lte: last + 3 } }
      const again = await prisma.epoch.findMany({ where, orderBy: { number: 'asc' } })
      expect(again.map(({ number }) => number)).toEqual(Array.from({ length: last + 3 }, (_, i) => i + 1))
      const original = await workshop.database.prisma.epoch.findMany({ where, orderBy: { number: 'asc' } })
      for (const [i, epoch] of original.entries()) expect(again[i]?.trainLoss).toBeCloseTo(epoch.trainLoss, 6)
      await prisma.trainingRun.update({ where: { id: runId }, data: { cancelRequestedAt: new Date() } })
      await eventually(async () => (await now()).status === 'CANCELLED')
    } finally {
      await prisma.$disconnect()
    }
  })

  it('finds a blob that is damaged or missing, and a run names the picture and goes on once it is put back', async () => {
    const [sha256 = ''] = workshop.pictures
    const path = join(restored.dataDir, 'blobs', sha256.slice(0, 2), sha256)
    const bytes = await readFile(path)
    await writeFile(path, 'damaged')
    const found = await follow('verify', { BLOBS: join(restored.dataDir, 'blobs') })
    expect(found.trim()).toBe(`damaged: ./${sha256.slice(0, 2)}/${sha256}`)
    // Another size: nothing is kept for it.
    const failing = await startElsewhere({ imageSize: 64, epochs: 1 })
    const { failure } = await ended(failing)
    expect(failure).toMatchObject({ code: 'DATASET_UNAVAILABLE' })
    expect(JSON.stringify(failure)).toContain(sha256)
    await writeFile(path, bytes)
    expect(await ended(await startElsewhere({ imageSize: 64, epochs: 1 }))).toMatchObject({ status: 'SUCCEEDED' })
  })

  async function startElsewhere(hyperparameters: object): Promise<string> {
    const query = `mutation($input: StartTrainingRunInput!) { startTrainingRun(input: $input) {
      ... on StartTrainingRunSuccess { trainingRun { id } } } }`
    const input = {
      datasetVersionId: globalId('DatasetVersion', workshop.versionId),
      hyperparameters: { ...hyperparameters, hiddenUnits: [], batchSize: 8 },
    }
    const { startTrainingRun } = await ask<{ startTrainingRun: { trainingRun: { id: string } } }>(query, { input })
    return startTrainingRun.trainingRun.id
  }

  async function ended(id: string): Promise<{ status: string; failure: object | null }> {
    const query =
      'query($id: ID!) { node(id: $id) { ... on TrainingRun { status failure { code message } finishedAt } } }'
    for (;;) {
      const { node } = await ask<{ node: { status: string; failure: object | null; finishedAt: string | null } }>(
        query,
        { id },
      )
      if (node.finishedAt !== null) return node
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
})
