/** Imports from archives and folders, worked off in this process on a real database and storage. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import type { Image, ImageImport, RejectedFile } from '../../src/database/generated/client.js'
import { ImportRepository } from '../../src/datasets/import/import.repository.js'
import { ImportRoots } from '../../src/datasets/import/import-roots.js'
import { runImport, type ImportRooms } from '../../src/datasets/import/import.runner.js'
import { createImageReader } from '../../src/images/image.reader.js'
import { createFileStore } from '../../src/storage/file-store.js'
import { receive } from '../../src/uploads/upload.receiver.js'
import { UploadRepository } from '../../src/uploads/upload.repository.js'
import { createTestDatabase, type TestDatabase } from '../database.js'

export interface ImportWorkshop {
  readonly database: TestDatabase
  /** A folder that may be imported. */
  readonly roots: string
  readonly blobs: string
  readonly rooms: ImportRooms
  /** A complete upload of these bytes; its id. */
  upload(bytes: Buffer, fileName?: string): Promise<string>
  newImport(source: { uploadId: string } | { directory: string }, datasetId?: string): Promise<ImageImport>
  run(importId: string, rooms?: ImportRooms): Promise<ImportOutcome>
  /** Uploads the archive and imports it. */
  importArchive(bytes: Buffer, datasetId?: string): Promise<ImportOutcome>
  close(): Promise<void>
}

export interface ImportOutcome {
  readonly row: ImageImport
  readonly images: Image[]
  /** By file. */
  readonly reasons: Record<string, string>
}

export async function openImportWorkshop(limits: Partial<ImportRooms['unpackLimits']> = {}): Promise<ImportWorkshop> {
  const database = await createTestDatabase()
  const { prisma } = database
  const folder = await mkdtemp(join(tmpdir(), 'graft-imports-'))
  const rooms: ImportRooms = {
    imports: new ImportRepository(prisma),
    uploads: new UploadRepository(prisma),
    roots: new ImportRoots([join(folder, 'roots')]),
    reader: createImageReader({ maxPixels: 10_000, maxImageBytes: 100_000 }),
    storage: await createFileStore(join(folder, 'blobs')),
    maxImageBytes: 100_000,
    unpackLimits: { unpackedBytes: 2e9, entries: 2000, ...limits },
    log: pino({ level: 'silent' }),
  }
  const workshop: ImportWorkshop = {
    database,
    roots: join(folder, 'roots'),
    blobs: join(folder, 'blobs'),
    rooms,
    upload: async (bytes, fileName = 'pets.zip') => {
      const tokenSha256 = randomBytes(8).toString('hex')
      const expiresAt = new Date(Date.now() + 1e6)
      const row = await rooms.uploads.create({ tokenSha256, fileName, byteSize: bytes.length, expiresAt })
      await receive({ uploads: rooms.uploads, storage: rooms.storage }, row, partsOf(bytes))
      return row.id
    },
    newImport: async (source, datasetId) => {
      const id = datasetId ?? (await prisma.dataset.create({ data: { name: randomBytes(8).toString('hex') } })).id
      return prisma.imageImport.create({ data: { datasetId: id, ...source } })
    },
    run: async (importId, own = rooms) => {
      await runImport(own, { importId, signal: new AbortController().signal })
      return outcome(database, importId)
    },
    importArchive: async (bytes, datasetId) => {
      const { id } = await workshop.newImport({ uploadId: await workshop.upload(bytes) }, datasetId)
      return workshop.run(id)
    },
    close: async () => {
      await database.close()
      await rm(folder, { recursive: true })
    },
  }
  return workshop
}

async function outcome({ prisma }: TestDatabase, id: string): Promise<ImportOutcome> {
  const row: ImageImport & { rejected: RejectedFile[] } = await prisma.imageImport.findUniqueOrThrow({
    where: { id },
    include: { rejected: true },
  })
  const images = await prisma.image.findMany({ where: { datasetId: row.datasetId }, orderBy: { fileName: 'asc' } })
  return { row, images, reasons: Object.fromEntries(row.rejected.map(({ fileName, reason }) => [fileName, reason])) }
}

async function* partsOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1 << 16) yield Promise.resolve(bytes.subarray(at, at + (1 << 16)))
}
