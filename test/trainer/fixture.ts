/** A small dataset version of drawn pictures and runs on it, and trainers as they really run. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import sharp from 'sharp'
import { projectFile } from '../../src/config/project-root.js'
import type { TrainingRun } from '../../src/database/generated/client.js'
import { parseHyperparameters } from '../../src/domain/hyperparameters.js'
import { writeManifest, type ManifestEntry } from '../../src/domain/manifest.js'
import { randomKey, randomUniforms } from '../../src/domain/random.js'
import type { SplitName } from '../../src/domain/status.js'
import { createQueue } from '../../src/jobs/boss-queue.js'
import type { Queue } from '../../src/jobs/queue.js'
import type { BlobStore } from '../../src/storage/blob-store.js'
import { createFileStore, type FileStore } from '../../src/storage/file-store.js'
import { createTestDatabase, type TestDatabase } from '../database.js'

export const silent = pino({ level: 'silent' })
const CLASS_NAMES = ['dots', 'stripes']
const SIDE = 48

/** A PNG of its class: dots or stripes in random colours. */
export function drawPicture(classIndex: number, number: number): Promise<Buffer> {
  const draws = randomUniforms(randomKey(number, 'picture', classIndex), 64)
  const colour = (at: number): string =>
    `rgb(${[0, 1, 2].map((i) => Math.floor((draws[at + i] ?? 0) * 256)).join(',')})`
  const shapes = Array.from({ length: 6 }, (_, i) =>
    classIndex === 0
      ? `<circle cx="${String((draws[9 + i] ?? 0) * SIDE)}" cy="${String((draws[20 + i] ?? 0) * SIDE)}" r="5" fill="${colour(3)}"/>`
      : `<rect x="0" y="${String(8 * i + 4 * (draws[6] ?? 0))}" width="${String(SIDE)}" height="4" fill="${colour(3)}"/>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${String(SIDE)}" height="${String(SIDE)}">
    <rect width="100%" height="100%" fill="${colour(0)}"/>${shapes.join('')}</svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

export interface Workshop {
  readonly database: TestDatabase
  readonly storage: FileStore
  readonly queue: Queue
  readonly dataDir: string
  readonly versionId: string
  /** sha256 of the version's pictures, in the manifest's order. */
  readonly pictures: string[]
  startRun(hyperparameters: object): Promise<string>
  run(id: string): Promise<TrainingRun>
  /** Polls until the run is as wanted, or has ended otherwise. */
  until(id: string, wanted: (run: TrainingRun) => boolean, timeoutMs?: number): Promise<TrainingRun>
  /** All that were started. */
  readonly trainers: readonly ChildProcess[]
  /** A trainer process of its own, ready; killed at the end if it still runs. */
  startTrainer(env?: Record<string, string>): Promise<ChildProcess>
  close(): Promise<void>
}

/** @param perClass pictures of each class, by split */
export async function openWorkshop(
  perClass: Record<SplitName, number>,
  createDatabase: () => Promise<TestDatabase> = createTestDatabase,
): Promise<Workshop> {
  const database = await createDatabase()
  const { prisma } = database
  const dataDir = await mkdtemp(join(tmpdir(), 'graft-trainer-'))
  const storage = await createFileStore(join(dataDir, 'blobs'))
  const queue = createQueue({ url: database.url, log: silent, supervise: false })
  await queue.start()
  const { versionId, pictures } = await createVersion({ database, storage }, perClass)
  const trainers: ChildProcess[] = []
  const run = (id: string) => prisma.trainingRun.findUniqueOrThrow({ where: { id } })
  return {
    database,
    storage,
    queue,
    dataDir,
    versionId,
    pictures,
    trainers,
    run,
    startRun: async (input) => {
      const parsed = parseHyperparameters({ imageSize: 32, hiddenUnits: [], batchSize: 8, ...input })
      if ('issues' in parsed) throw new Error(JSON.stringify(parsed.issues))
      const hyperparameters = { ...parsed.value }
      const { id } = await prisma.trainingRun.create({
        data: { name: 'run', datasetVersionId: versionId, hyperparameters },
      })
      return id
    },
    until: async (id, wanted, timeoutMs = 170_000) => {
      const deadline = Date.now() + timeoutMs
      for (;;) {
        const row = await run(id)
        if (wanted(row)) return row
        if (row.finishedAt !== null || Date.now() > deadline) throw new Error(`The run is ${JSON.stringify(row)}`)
        await sleep(20)
      }
    },
    startTrainer: async (env = {}) => {
      const trainer = await spawnTrainer({ DATABASE_URL: database.url, GRAFT_DATA_DIR: dataDir, ...env })
      trainers.push(trainer)
      return trainer
    },
    close: async () => {
      for (const trainer of trainers) await stopProcess(trainer, 'SIGKILL')
      await queue.stop()
      await database.close()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

/** Resolves when it is ready. */
export async function spawnTrainer(env: Record<string, string>): Promise<ChildProcess> {
  const trainer = spawn(process.execPath, [projectFile('dist', 'src', 'trainer.js')], {
    env: { PATH: process.env['PATH'], GRAFT_TRUNK_WEIGHTS: 'random', GRAFT_LOG_LEVEL: 'fatal', ...env },
    // A test that asks for a log level reads the log.
    stdio: ['ignore', 'pipe', env['GRAFT_LOG_LEVEL'] === undefined ? 'inherit' : 'pipe'],
  })
  const ready = (async () => {
    for await (const chunk of trainer.stdout ?? []) if (String(chunk).includes('is ready')) return
    throw new Error('The trainer ended before it was ready.')
  })()
  await ready
  return trainer
}

/** Polls until it holds. */
export async function eventually(holds: () => boolean | Promise<boolean>, timeoutMs = 150_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`It does not come about: ${String(holds)}`)
    await sleep(20)
  }
}

/** Resolves when it is gone; a child of its own may live a moment longer. */
export async function stopProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

/** A dataset of drawn pictures and its one version. */
export async function createVersion(
  { database: { prisma }, storage }: { database: Pick<TestDatabase, 'prisma'>; storage: BlobStore },
  perClass: Record<SplitName, number>,
): Promise<{ versionId: string; pictures: string[] }> {
  const dataset = await prisma.dataset.create({ data: { name: 'drawn' } })
  const splits = Object.entries(perClass).flatMap(([split, count]) => Array<SplitName>(count).fill(split as SplitName))
  const entries: ManifestEntry[] = []
  for (const [classIndex, label] of CLASS_NAMES.entries()) {
    for (const [number, split] of splits.entries()) {
      const { sha256, byteSize } = await storage.put(await drawPicture(classIndex, number))
      const fileName = `${label}/${String(number)}.png`
      const size = { width: SIDE, height: SIDE, byteSize }
      await prisma.image.create({
        data: { datasetId: dataset.id, label, fileName, sha256, format: 'png', ...size },
      })
      entries.push({ sha256, classIndex, split })
    }
  }
  entries.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
  const { sha256: digest } = await storage.put(Buffer.from(writeManifest({ classNames: CLASS_NAMES, entries })))
  const { id: versionId } = await prisma.datasetVersion.create({
    data: { datasetId: dataset.id, number: 1, digest, classNames: CLASS_NAMES, counts: {}, seed: 0 },
  })
  const images = new Map((await prisma.image.findMany()).map(({ sha256, id }) => [sha256, id]))
  await prisma.datasetVersionImage.createMany({
    data: entries.map(({ sha256, classIndex, split }, position) => ({
      versionId,
      position,
      imageId: images.get(sha256) as string,
      classIndex,
      split,
    })),
  })
  return { versionId, pictures: entries.map((entry) => entry.sha256) }
}
