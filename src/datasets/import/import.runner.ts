/** Works an import off: what the trainer's supervisor calls for each job of the queue `import`. */
import type { Logger } from 'pino'
import type { ImageImport } from '../../database/generated/client.js'
import { ClaimLostError } from '../../domain/claim-lost.js'
import type { ImageReader } from '../../images/image.reader.js'
import type { BlobStore } from '../../storage/blob-store.js'
import { StorageFullError } from '../../storage/storage.errors.js'
import { openUpload } from '../../uploads/upload.bytes.js'
import type { UploadRepository } from '../../uploads/upload.repository.js'
import { archiveCollection } from './archive/archive.collection.js'
import type { UnpackLimits } from './archive/unpacking.js'
import { CollectionError, type Collection, type SourceFile } from './collection.js'
import { examine, type Examined } from './examine.js'
import { folderCollection } from './folder.collection.js'
import { mapInOrder } from './in-order.js'
import type { Claim, ImportEnd, ImportRepository } from './import.repository.js'
import type { ImportRoots } from './import-roots.js'
import { LAYOUTS } from './layout.js'
import { planImport, type Plan } from './plan.js'

export interface ImportRooms {
  readonly imports: ImportRepository
  readonly uploads: UploadRepository
  readonly roots: ImportRoots
  readonly reader: ImageReader
  readonly storage: BlobStore
  readonly maxImageBytes: number
  readonly unpackLimits: UnpackLimits
  readonly log: Logger
}

/** Files that are under way at the same time: four are decoded while the disk makes the others durable together. */
const AT_ONCE = 16
const RECORD_EVERY_MS = 250
const RECORD_EVERY_FILES = 1_000

/**
 * Resolves once the import has ended, whichever way, or was lost to somebody else or to a cancellation. Rejects where it
 * should be tried again: the database is out of reach, or `signal` aborted it. A later attempt goes on where the last
 * recorded file was: files come in one order, and rows and counters are written together.
 */
export async function runImport(rooms: ImportRooms, job: { importId: string; signal: AbortSignal }): Promise<void> {
  const row = await rooms.imports.claim(job.importId)
  if (row === null) return
  const claim = { importId: row.id, lease: row.lease }
  try {
    await rooms.imports.finish(claim, await importAll(rooms, { row, claim, signal: job.signal }))
  } catch (error) {
    if (error instanceof ClaimLostError) return
    if (!(error instanceof StorageFullError)) throw error
    rooms.log.error({ err: error }, 'The import failed.')
    await rooms.imports.finish(claim, {
      state: 'FAILED',
      error: `${error.message} Then import again.`,
      consumes: false,
    })
  }
}

interface Job {
  readonly row: ImageImport
  readonly claim: Claim
  readonly signal: AbortSignal
}

/** An upload that cannot be imported now never can: either end consumes it. */
async function importAll(rooms: ImportRooms, job: Job): Promise<ImportEnd> {
  try {
    const collection = await openCollection(rooms, job)
    const plan = await planImport(collection)
    await rooms.imports.setTotal(job.claim, plan.total)
    const pictures = await recordAll(rooms, job, { collection, plan })
    return { ...(pictures > 0 ? { state: 'SUCCEEDED' } : nothingFound(collection.name, plan.total)), consumes: true }
  } catch (error) {
    if (!(error instanceof CollectionError)) throw error
    return { state: 'FAILED', error: error.message, consumes: true }
  }
}

async function openCollection(rooms: ImportRooms, { row, signal }: Job): Promise<Collection> {
  if (row.directory === null) return openArchive(rooms, { row, signal })
  const directory = await rooms.roots.find(row.directory)
  if (directory.kind === 'directory') return folderCollection(directory.path, rooms.roots, signal)
  const why = directory.kind === 'outside' ? 'It lies outside the folders that may be imported.' : directory.reason
  throw new CollectionError(`${why} Check the folder and import again.`)
}

async function openArchive(rooms: ImportRooms, { row, signal }: Omit<Job, 'claim'>): Promise<Collection> {
  const upload = row.uploadId === null ? null : await rooms.uploads.ofImport(row.uploadId)
  if (upload === null) throw new CollectionError('The upload is gone. Send it again, and import that.')
  const bytes = await openUpload(rooms, upload.id)
  return archiveCollection({ fileName: upload.fileName, bytes, limits: rooms.unpackLimits, signal })
}

function nothingFound(where: string, total: number): { state: 'FAILED'; error: string } {
  return { state: 'FAILED', error: `${whatIsThere(total)} in ${where}. ${LAYOUTS}` }
}

function whatIsThere(total: number): string {
  if (total === 0) return 'There are no files'
  if (total === 1) return 'There is 1 file, and it is no picture with a label,'
  return `There are ${String(total)} files, none of them a picture with a label,`
}

interface Source {
  readonly collection: Collection
  readonly plan: Plan
}

/**
 * The next files are examined while those before are recorded, one record at a time.
 * @returns how many files were pictures with a label, those of earlier attempts included
 */
async function recordAll(rooms: ImportRooms, { row, claim, signal }: Job, source: Source): Promise<number> {
  const context = { ...rooms, datasetId: row.datasetId, plan: source.plan }
  const files = filesFrom(source, { start: row.processed, limit: rooms.maxImageBytes })
  let pictures = row.added + row.duplicates
  let pending: Examined[] = []
  let recording: Promise<unknown> = Promise.resolve()
  let recordedAt = Date.now()
  const record = async (): Promise<void> => {
    await recording
    recording = rooms.imports.record(claim, pending)
    // Awaited before the next: a failure must not count as unhandled until then.
    recording.catch(() => undefined)
    pending = []
    recordedAt = Date.now()
  }
  try {
    for await (const examined of mapInOrder(files, AT_ONCE, (file) => examine(file, context))) {
      signal.throwIfAborted()
      if ('image' in examined) pictures++
      pending.push(examined)
      if (Date.now() - recordedAt >= RECORD_EVERY_MS || pending.length >= RECORD_EVERY_FILES) await record()
    }
    if (pending.length > 0) await record()
    await recording
    return pictures
  } finally {
    await recording.catch(() => undefined)
  }
}

/** What is still to be looked at: the plan's rejections and the files, from the place that an earlier attempt came to. */
async function* filesFrom(
  { collection, plan }: Source,
  { start, limit }: { start: number; limit: number },
): AsyncGenerator<SourceFile> {
  for (const { fileName: path, reason } of plan.rejected.slice(start)) yield { path, reason }
  const isLeft = (path: string, index: number): boolean => (plan.positionOf(path, index) ?? -1) >= start
  let index = 0
  for await (const file of collection.files((path, at) =>
    isLeft(path, at) && !('reason' in plan.placementOf(path)) ? limit : 0,
  )) {
    if (isLeft(file.path, index++)) yield file
  }
}
