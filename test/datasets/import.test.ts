import { chmod, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { examine } from '../../src/datasets/import/examine.js'
import { runImport, type ImportRooms } from '../../src/datasets/import/import.runner.js'
import { ImportRepository } from '../../src/datasets/import/import.repository.js'
import { ImportRoots } from '../../src/datasets/import/import-roots.js'
import { walk } from '../../src/datasets/import/walk.js'
import { createImageReader } from '../../src/images/image.reader.js'
import { createFileStore } from '../../src/storage/file-store.js'
import { UploadRepository } from '../../src/uploads/upload.repository.js'
import { createTestDatabase, type TestDatabase } from '../database.js'
import { layOut, picture } from './pictures.js'

let database: TestDatabase
let folder: string
let roots: string
let rooms: ImportRooms

beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'graft-import-'))
  rooms = {
    imports: new ImportRepository(database.prisma),
    roots: new ImportRoots([join(folder, 'roots')]),
    reader: createImageReader({ maxPixels: 10_000, maxImageBytes: 100_000 }),
    storage: await createFileStore(join(folder, 'blobs')),
    maxImageBytes: 100_000,
    unpackLimits: { unpackedBytes: 1e9, entries: 1000 },
    uploads: new UploadRepository(database.prisma),
    log: pino({ level: 'silent' }),
  }
})

afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

beforeEach(async () => {
  await rm(join(folder, 'roots'), { recursive: true, force: true })
  roots = await mkdir(join(folder, 'roots'), { recursive: true }).then(() => join(folder, 'roots'))
})

async function newImport(directory: string, datasetId?: string) {
  const dataset =
    datasetId ?? (await database.prisma.dataset.create({ data: { name: `${directory} ${String(Math.random())}` } })).id
  return database.prisma.imageImport.create({ data: { datasetId: dataset, directory } })
}

async function importing(directory: string, datasetId?: string) {
  const { id } = await newImport(directory, datasetId)
  await runImport(rooms, { importId: id, signal: new AbortController().signal })
  return outcome(id)
}

async function outcome(id: string) {
  const row = await database.prisma.imageImport.findUniqueOrThrow({
    where: { id },
    include: { rejected: { orderBy: { position: 'asc' } } },
  })
  const images = await database.prisma.image.findMany({
    where: { datasetId: row.datasetId },
    orderBy: { fileName: 'asc' },
  })
  return { row, images }
}

describe('an import', () => {
  it('takes pictures with labels and split folders, and counts duplicates', async () => {
    await layOut(roots, {
      'train/cat/1.png': 1,
      'train/cat/again.png': 1,
      'val/dog/2.png': 2,
      'test/dog.7.png': 3,
      '.DS_Store': 'x',
      '__MACOSX/cat/1.png': 'x',
    })
    const { row, images } = await importing(roots)
    expect(row).toMatchObject({ state: 'SUCCEEDED', total: 4, processed: 4, added: 3, duplicates: 1, rejectedCount: 0 })
    expect(images.map((each) => [each.fileName, each.label, each.folder])).toEqual([
      ['test/dog.7.png', 'dog', 'TEST'],
      ['train/cat/1.png', 'cat', 'TRAIN'],
      ['val/dog/2.png', 'dog', 'VALIDATION'],
    ])
    expect(images[0]).toMatchObject({ format: 'png', width: 8, height: 8, byteSize: (await picture(3)).length })
    expect(row.finishedAt).not.toBeNull()
  })

  it('rejects what is no picture, truncated, too large or contradictory, with the reason, and takes the rest', async () => {
    const whole = await picture(9, 60)
    await layOut(roots, {
      'cat/1.png': 1,
      'cat/notes.txt': 'no picture',
      'cat/truncated.png': whole.subarray(0, whole.length - 30),
      'cat/vast.png': await picture(5, 101),
      'cat/heavy.png': Buffer.alloc(100_001),
      'dog/1.png': 1,
      'stray.png': 4,
    })
    const { row, images } = await importing(roots)
    expect(images.map((each) => each.fileName)).toEqual(['cat/1.png'])
    expect(row).toMatchObject({ state: 'SUCCEEDED', processed: 7, added: 1, rejectedCount: 6 })
    const reasons = Object.fromEntries(row.rejected.map((each) => [each.fileName, each.reason]))
    expect(reasons['cat/notes.txt']).toMatch(/not a JPEG/)
    expect(reasons['cat/truncated.png']).toMatch(/truncated/)
    expect(reasons['cat/vast.png']).toMatch(/pixels/)
    expect(reasons['cat/heavy.png']).toMatch(/100000 bytes/)
    expect(reasons['dog/1.png']).toMatch(/"dog\/1\.png" \(dog\) and "cat\/1\.png" \(cat\)/)
    expect(reasons['stray.png']).toMatch(/label/)
  })

  it('names a folder that it may not read, and finds the rest', async () => {
    await layOut(roots, { 'cat/1.png': 1, 'locked/2.png': 2 })
    await chmod(folder, 0o755)
    await chmod(join(roots, 'locked'), 0)
    const isRoot = process.geteuid?.() === 0
    try {
      // Root may read everything.
      if (isRoot) process.seteuid?.(65_534)
      const files = await walk(roots, rooms.roots, new AbortController().signal)
      expect(files).toMatchObject([
        { path: 'cat/1.png', realPath: join(roots, 'cat/1.png') },
        { path: 'locked', reason: expect.stringContaining('not ours to read') as unknown },
      ])
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
  })

  it('does not wait in a circle with the deletion of its dataset', async () => {
    await layOut(roots, Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`cat/${String(i)}.png`, i])))
    const { id, datasetId } = await newImport(roots)
    const { prisma } = database
    const claim = { importId: id, lease: (await rooms.imports.claim(id))?.lease ?? 0 }
    const context = { datasetId, plan: { placementOf: () => ({ label: 'cat', folder: null }) }, ...rooms }
    const examined = [await examine({ path: 'cat/1.png', read: () => readFile(join(roots, 'cat/1.png')) }, context)]
    let recording: Promise<unknown> = Promise.resolve()
    await prisma.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM dataset WHERE id = ${datasetId}::uuid FOR UPDATE`
      recording = rooms.imports.record(claim, examined).catch((error: unknown) => error)
      await sleep(300)
      await tx.dataset.delete({ where: { id: datasetId } })
    })
    expect(await recording).toMatchObject({ name: 'ClaimLostError' })
  })

  it('keeps the first hundred rejections and counts all', async () => {
    await layOut(roots, Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`cat/${String(i + 100)}.txt`, 'x'])))
    await layOut(roots, { 'cat/a.png': 1 })
    const { row } = await importing(roots)
    expect(row).toMatchObject({ state: 'SUCCEEDED', rejectedCount: 130, added: 1 })
    expect(row.rejected.map((each) => each.position)).toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  it('follows links within the roots, rejects those that lead outside or in circles', async () => {
    await layOut(folder, { 'outside/secret.png': 1, 'roots/set/cat/1.png': 2, 'roots/other/3.png': 3 })
    await symlink(join(folder, 'outside/secret.png'), join(roots, 'set/cat/secret.png'))
    await symlink(join(folder, 'outside'), join(roots, 'set/outside'))
    await symlink(join(roots, 'set'), join(roots, 'set/cat/circle'))
    await symlink(join(roots, 'other'), join(roots, 'set/dog'))
    await symlink(join(roots, 'gone'), join(roots, 'set/cat/gone.png'))
    const { row, images } = await importing(join(roots, 'set'))
    expect(images.map((each) => each.fileName)).toEqual(['cat/1.png', 'dog/3.png'])
    expect(row.rejected.map((each) => each.fileName)).toEqual([
      'cat/circle',
      'cat/gone.png',
      'cat/secret.png',
      'outside',
    ])
  })

  it('fails where there is nothing to take, and says which layouts are understood', async () => {
    const empty = await importing(roots)
    expect(empty.row).toMatchObject({
      state: 'FAILED',
      total: 0,
      error: expect.stringContaining('folder per class') as unknown,
    })
    await layOut(roots, { 'readme.txt': 'x' })
    expect((await importing(roots)).row).toMatchObject({ state: 'FAILED', rejectedCount: 1 })
  })

  it('goes on after its worker died, and counts as if nothing had happened', async () => {
    await layOut(roots, Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`cat/${String(i + 10)}.png`, i % 9])))
    await layOut(roots, { 'cat/99.txt': 'x' })
    const { id, datasetId } = await newImport(roots)
    const died = await rooms.imports.claim(id)
    const stale = { importId: id, lease: died?.lease ?? 0 }
    const context = { datasetId, plan: { placementOf: () => ({ label: 'cat', folder: null }) }, ...rooms }
    const first = Array.from({ length: 4 }, (_, i) => join(roots, `cat/${String(i + 10)}.png`))
    await rooms.imports.record(
      stale,
      await Promise.all(
        first.map((path, i) => examine({ path: `cat/${String(i + 10)}.png`, read: () => readFile(path) }, context)),
      ),
    )
    await runImport(rooms, { importId: id, signal: new AbortController().signal })
    const { row, images } = await outcome(id)
    expect(row).toMatchObject({
      state: 'SUCCEEDED',
      processed: 13,
      total: 13,
      added: 9,
      duplicates: 3,
      rejectedCount: 1,
    })
    expect(images).toHaveLength(9)
    await expect(rooms.imports.record(stale, [])).rejects.toThrow(expect.objectContaining({ name: 'ClaimLostError' }))
  })

  it('stops when it is cancelled, and keeps what it has', async () => {
    await layOut(roots, Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`cat/${String(i)}.png`, i])))
    const { id } = await newImport(roots)
    const cancelling: ImportRooms = {
      ...rooms,
      reader: {
        ...rooms.reader,
        probe: async (bytes) => {
          await rooms.imports.cancel(id)
          return rooms.reader.probe(bytes)
        },
      },
    }
    await runImport(cancelling, { importId: id, signal: new AbortController().signal })
    const { row, images } = await outcome(id)
    expect(row.state).toBe('CANCELLED')
    expect(images).toHaveLength(row.added)
    expect(row.processed).toBeLessThan(40)
    await runImport(rooms, { importId: id, signal: new AbortController().signal })
    expect((await outcome(id)).row.state).toBe('CANCELLED')
  })

  it('is left for another worker when the signal aborts it', async () => {
    await layOut(roots, { 'cat/1.png': 1 })
    const { id } = await newImport(roots)
    await expect(runImport(rooms, { importId: id, signal: AbortSignal.abort() })).rejects.toThrow(/abort/)
    expect((await outcome(id)).row.state).toBe('RUNNING')
    await runImport(rooms, { importId: id, signal: new AbortController().signal })
    expect((await outcome(id)).row.state).toBe('SUCCEEDED')
  })

  it('lets two imports of the same pictures run at once, each picture once', async () => {
    await layOut(roots, Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`cat/${String(i)}.png`, i])))
    const { id, datasetId } = await newImport(roots)
    const other = await newImport(roots, datasetId)
    const signal = new AbortController().signal
    await Promise.all([runImport(rooms, { importId: id, signal }), runImport(rooms, { importId: other.id, signal })])
    const [a, b] = [await outcome(id), await outcome(other.id)]
    expect(a.images).toHaveLength(60)
    expect(a.row.added + b.row.added).toBe(60)
    expect(a.row.duplicates + b.row.duplicates).toBe(60)
  })
})
