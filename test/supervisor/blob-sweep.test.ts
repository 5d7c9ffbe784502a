import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import pino from 'pino'
import { exclusively } from '../../src/database/exclusively.js'
import { ImportRepository } from '../../src/datasets/import/import.repository.js'
import { ImportRoots } from '../../src/datasets/import/import-roots.js'
import { runImport } from '../../src/datasets/import/import.runner.js'
import { createImageReader } from '../../src/images/image.reader.js'
import { TRAINED_TRUNK } from '../../src/runs/run-creation.repository.js'
import { createFileStore, type FileStore } from '../../src/storage/file-store.js'
import { UploadRepository } from '../../src/uploads/upload.repository.js'
import { BLOB_COLUMNS, BlobReferenceRepository } from '../../src/supervisor/blob-references.repository.js'
import { sweepBlobs, type BlobSweepRooms } from '../../src/supervisor/blob-sweep.js'
import { startChild } from '../child.js'
import { createTestDatabase, type TestDatabase } from '../database.js'
import { layOut, picture } from '../datasets/pictures.js'
import { seedCheckpoint, seedRun, seedVersion } from '../runs/rows.js'

const HOUR_MS = 3_600_000
const log = pino({ level: 'silent' })

let folder: string
let database: TestDatabase
let storage: FileStore
let rooms: BlobSweepRooms

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-sweep-'))
  database = await createTestDatabase()
  await setBirth(24 * HOUR_MS)
  storage = await createFileStore(join(folder, 'blobs'))
  const references = new BlobReferenceRepository(database.prisma)
  rooms = { references, storage, databaseUrl: database.url, log }
})

afterEach(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

/** Blobs that are older than the database are another one's. */
async function setBirth(ageMs: number): Promise<void> {
  const at = new Date(Date.now() - ageMs)
  await database.prisma.$executeRaw`UPDATE "_prisma_migrations" SET started_at = ${at}`
}

/** A blob that was put two hours ago. */
async function putLongAgo(bytes: Buffer = randomBytes(100)): Promise<string> {
  const { sha256 } = await storage.put(bytes)
  await age(sha256)
  return sha256
}

async function age(sha256: string): Promise<void> {
  const then = new Date(Date.now() - 2 * HOUR_MS)
  await utimes(storage.path(sha256), then, then)
}

const sweep = () => sweepBlobs(rooms, { graceMs: HOUR_MS })

async function kept(): Promise<Set<string>> {
  const names = new Set<string>()
  for await (const { sha256 } of storage.list()) names.add(sha256)
  return names
}

/** A row in every table of BLOB_COLUMNS, each with a blob of its own. @returns the blobs by column */
async function referToAll(): Promise<Record<string, string>> {
  const { prisma } = database
  const blobs: Record<string, string> = {}
  for (const { table, column } of BLOB_COLUMNS) blobs[`${table}.${column}`] = await putLongAgo()
  const of = (name: string): string => blobs[name] as string
  const { versionId, imageIds } = await seedVersion(prisma, 'referring')
  await prisma.image.update({ where: { id: imageIds[0] as string }, data: { sha256: of('image.sha256') } })
  await prisma.datasetVersion.update({ where: { id: versionId }, data: { digest: of('dataset_version.digest') } })
  const trunkSha256 = of('trunk.sha256')
  await prisma.trunk.create({ data: { sha256: trunkSha256, name: 'base', pretrained: true } })
  const calibration = { trunkSha256, imageSize: 64, sha256: of('trunk_calibration.sha256') }
  await prisma.trunkCalibration.create({ data: calibration })
  const run = await seedRun(prisma, { versionId }, { resumeSha256: of('training_run.resume_sha256') })
  const { id: checkpointId } = await seedCheckpoint(prisma, run.id, 1, of('checkpoint.sha256'))
  const imageSha256 = of('prediction.image_sha256')
  await prisma.prediction.create({ data: { label: 'cat', confidence: 1, scores: [], imageSha256, latencyMs: 1 } })
  await prisma.export.create({
    data: {
      ...{ token: 'secret', checkpointId, format: 'ONNX', fileName: 'a.onnx', byteSize: 100 },
      sha256: of('export.sha256'),
      expiresAt: new Date(Date.now() + HOUR_MS),
    },
  })
  const shard = { featureKey: 'key', trunkSha256, imageCount: 1, byteSize: 100, sha256: of('feature_shard.sha256') }
  await prisma.featureShard.create({ data: shard })
  const part = { start: 0n, byteSize: 100, sha256: of('upload_part.sha256') }
  const expiresAt = new Date(Date.now() + HOUR_MS)
  await prisma.upload.create({
    data: { tokenSha256: 'secret', fileName: 'a.zip', byteSize: 100n, expiresAt, parts: { create: part } },
  })
  return blobs
}

describe('the list of columns that name blobs', () => {
  /** Digests that are no blob's name, or that name a row with one. */
  const OTHERS = [
    'training_run.idempotency_digest',
    ...['upload.token_sha256', 'api_token.digest'],
    // Foreign keys to a trunk's row.
    ...['training_run.trunk_sha256', 'trainer.trunk_sha256', 'feature_shard.trunk_sha256'],
    // The trunk's row may not be there yet; it names no blob that is not the trunk's.
    'trunk_calibration.trunk_sha256',
    // Made from the checkpoint again whenever a run starts from it.
    'checkpoint.trained_trunk_sha256',
    // What a picture looks like.
    'image.perceptual_hash',
    // Names of trunks that have rows, as those of runs.
    ...['dataset_health.trunk_sha256', 'dataset_health.computed_trunk_sha256'],
  ]

  it('has every one of the schema', async () => {
    const found = await database.prisma.$queryRaw<{ name: string }[]>`
      SELECT table_name || '.' || column_name AS name FROM information_schema.columns
      WHERE table_schema = 'public' AND column_name ~ '(sha256|digest|hash|blob)'`
    const rows = found.map(({ name }) => name)
    const listed = BLOB_COLUMNS.map(({ table, column }) => `${table}.${column}`)
    const unknown = rows.filter((name) => !listed.includes(name) && !OTHERS.includes(name))
    expect(unknown).toEqual([])
    expect(listed.filter((name) => !rows.includes(name))).toEqual([])
  })
})

describe('a sweep', () => {
  it('deletes what nothing refers to, and nothing that a row of any kind names', async () => {
    const blobs = Object.values(await referToAll())
    const orphans = [await putLongAgo(), await putLongAgo()]
    expect(await sweep()).toEqual({ blobs: 2, bytes: 200 })
    expect(await kept()).toEqual(new Set(blobs))
    expect((await kept()).has(orphans[0] as string)).toBe(false)
    expect(await sweep()).toEqual({ blobs: 0, bytes: 0 })
  })

  it('frees what a deleted dataset alone had: pictures, manifest, checkpoint, resume state', async () => {
    const blobs = await referToAll()
    await database.prisma.dataset.deleteMany()
    await sweep()
    const free = ['image.sha256', 'dataset_version.digest', 'training_run.resume_sha256', 'checkpoint.sha256']
    // An address without a checkpoint leads nowhere.
    const gone = new Set([...free, 'export.sha256'])
    const left = Object.entries(blobs).filter(([name]) => !gone.has(name))
    expect(await kept()).toEqual(new Set(left.map(([, sha256]) => sha256)))
  })

  it('frees a trunk that a run has trained, with its features, once no run is pinned to it', async () => {
    const { prisma } = database
    const [pinned, free, features] = [await putLongAgo(), await putLongAgo(), await putLongAgo()]
    const createdAt = new Date(Date.now() - 2 * HOUR_MS)
    for (const sha256 of [pinned, free]) {
      const name = `${TRAINED_TRUNK} x to epoch 1`
      await prisma.trunk.create({ data: { sha256, name, pretrained: true, createdAt } })
    }
    const shard = { featureKey: 'key', trunkSha256: free, imageCount: 1, byteSize: 100, sha256: features }
    await prisma.featureShard.create({ data: shard })
    await seedRun(prisma, await seedVersion(prisma, 'pinning'), { trunkSha256: pinned })
    expect(await sweep()).toEqual({ blobs: 2, bytes: 200 })
    expect(await kept()).toEqual(new Set([pinned]))
    expect(await prisma.trunk.count()).toBe(1)
  })

  it('spares what was put a moment ago, or put again', async () => {
    const bytes = randomBytes(100)
    const again = await putLongAgo(bytes)
    await storage.put(bytes)
    const { sha256: fresh } = await storage.put(randomBytes(100))
    expect(await sweep()).toEqual({ blobs: 0, bytes: 0 })
    expect(await kept()).toEqual(new Set([again, fresh]))
  })

  it('spares what is older than the database, which another one may refer to', async () => {
    const sha256 = await putLongAgo()
    await setBirth(HOUR_MS)
    expect(await sweep()).toEqual({ blobs: 0, bytes: 0 })
    expect(await kept()).toEqual(new Set([sha256]))
  })

  it('is made by one process at a time', async () => {
    await putLongAgo()
    const meanwhile = await exclusively(database.url, 'sweep of blobs', async () => [await sweep(), await kept()])
    expect(meanwhile?.[0]).toBeNull()
    expect((await kept()).size).toBe(1)
    expect(await sweep()).toEqual({ blobs: 1, bytes: 100 })
  })

  it('takes nothing from an import that runs beside it, though the same bytes lay about for long', async () => {
    const count = 60
    const files = Object.fromEntries(Array.from({ length: count }, (_, i) => [`cat/${String(i)}.png`, i]))
    await layOut(join(folder, 'pictures'), files)
    for (let i = 0; i < count; i++) await putLongAgo(await picture(i))
    const orphan = await putLongAgo()
    const dataset = await database.prisma.dataset.create({ data: { name: 'beside' } })
    const { id } = await database.prisma.imageImport.create({
      data: { datasetId: dataset.id, directory: join(folder, 'pictures') },
    })
    const imported = new AbortController()
    const sweeping = (async () => {
      while (!imported.signal.aborted) await sweep()
    })()
    const imports = {
      imports: new ImportRepository(database.prisma),
      roots: new ImportRoots([folder]),
      reader: createImageReader({ maxPixels: 10_000, maxImageBytes: 100_000 }),
      uploads: new UploadRepository(database.prisma),
      unpackLimits: { unpackedBytes: 1e9, entries: 1_000 },
      ...{ storage, log, maxImageBytes: 100_000 },
    }
    await runImport(imports, { importId: id, signal: new AbortController().signal })
    imported.abort()
    await sweeping
    const images = await database.prisma.image.findMany()
    expect(images).toHaveLength(count)
    for (const { sha256 } of images) await storage.read(sha256)
    expect((await kept()).has(orphan)).toBe(false)
  })

  it('may be killed at any moment: what is referred to stays, and the next one ends the work', async () => {
    const blobs = Object.values(await referToAll())
    await Promise.all(Array.from({ length: 150 }, () => putLongAgo()))
    for (let round = 0; round < 3; round++) {
      const child = startChild(sweeper())
      expect(await child.line()).toBe('sweeping')
      await sleep(20 + 30 * round)
      await child.end('SIGKILL')
      for (const sha256 of blobs) await storage.read(sha256)
    }
    // Postgres may take a moment to see that the killed process has gone, and its lock with it.
    while ((await sweep()) === null) await sleep(50)
    // A sweep that was killed may leave the young blob by which it had asked for the time.
    for (const sha256 of await kept()) if (!blobs.includes(sha256)) await age(sha256)
    const left = (await kept()).size - blobs.length
    expect(left).toBeLessThanOrEqual(3)
    expect(await sweep()).toMatchObject({ blobs: left })
    expect(await kept()).toEqual(new Set(blobs))
  })
})

/** The program of a process that sweeps until it is killed. */
function sweeper(): string {
  return `
    const { openPrisma } = await import(dist + '/database/database.js')
    const { createFileStore } = await import(dist + '/storage/file-store.js')
    const { BlobReferenceRepository } = await import(dist + '/supervisor/blob-references.repository.js')
    const { sweepBlobs } = await import(dist + '/supervisor/blob-sweep.js')
    const log = { info: () => undefined, warn: () => undefined }
    const databaseUrl = ${JSON.stringify(database.url)}
    const prisma = openPrisma({ url: databaseUrl, applicationName: 'sweeper', log })
    const storage = await createFileStore(${JSON.stringify(join(folder, 'blobs'))})
    const references = new BlobReferenceRepository(prisma)
    console.log('sweeping')
    for (;;) await sweepBlobs({ references, storage, databaseUrl, log }, { graceMs: ${String(HOUR_MS)} })`
}
