/** Works an import off: what the trainer's supervisor calls for each job of the queue `import`. */
import type { Logger } from 'pino'
import type { ImageImport } from '../../database/generated/client.js'
import type { ImageReader } from '../../images/image.reader.js'
import type { BlobStore } from '../../storage/blob-store.js'
import { StorageFullError } from '../../storage/storage.errors.js'
import { examine, type Examination, type Examined } from './examine.js'
import { ImportLost, type Claim, type ImportRepository } from './import.repository.js'
import type { ImportRoots } from './import-roots.js'
import { hasSplitFolders, LAYOUTS } from './layout.js'
import { walk, type FoundFile } from './walk.js'

export interface ImportRooms {
  readonly imports: ImportRepository
  readonly roots: ImportRoots
  readonly reader: ImageReader
  readonly storage: BlobStore
  readonly maxImageBytes: number
  readonly log: Logger
}

/** Files that are read and decoded at the same time. */
const AT_ONCE = 4
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
    await importFiles(rooms, { row, claim, signal: job.signal })
  } catch (error) {
    if (error instanceof ImportLost) return
    if (!(error instanceof StorageFullError)) throw error
    rooms.log.error({ err: error }, 'The import failed.')
    await rooms.imports.finish(claim, { state: 'FAILED', error: `${error.message} Then import again.` })
  }
}

interface Job {
  readonly row: ImageImport
  readonly claim: Claim
  readonly signal: AbortSignal
}

async function importFiles(rooms: ImportRooms, job: Job): Promise<void> {
  const { row, claim, signal } = job
  const directory = await rooms.roots.find(row.directory)
  if (directory.kind !== 'directory') {
    const why = directory.kind === 'outside' ? 'It lies outside the folders that may be imported.' : directory.reason
    return rooms.imports.finish(claim, { state: 'FAILED', error: `${why} Check the folder and import again.` })
  }
  const files = await walk(directory.path, rooms.roots, signal)
  await rooms.imports.setTotal(claim, files.length)
  const pictures = await recordAll(rooms, job, files)
  await rooms.imports.finish(claim, pictures > 0 ? { state: 'SUCCEEDED' } : nothingFound(row.directory, files))
}

function nothingFound(directory: string, files: readonly FoundFile[]): { state: 'FAILED'; error: string } {
  const found = files.length === 0 ? 'no files' : `${String(files.length)} files, none of them a picture with a label`
  return { state: 'FAILED', error: `There are ${found} in ${directory}. ${LAYOUTS}` }
}

/** @returns how many files were pictures with a label, those of earlier attempts included */
async function recordAll(
  rooms: ImportRooms,
  { row, claim, signal }: Job,
  files: readonly FoundFile[],
): Promise<number> {
  const { reader, storage, maxImageBytes } = rooms
  const withSplits = hasSplitFolders(files.map((file) => file.path))
  const context: Examination = { datasetId: row.datasetId, withSplits, reader, storage, maxImageBytes }
  let pictures = row.added + row.duplicates
  let pending: Examined[] = []
  let recordedAt = Date.now()
  for (let at = row.processed; at < files.length; at += AT_ONCE) {
    signal.throwIfAborted()
    const examined = await Promise.all(files.slice(at, at + AT_ONCE).map((file) => examine(file, context)))
    pictures += examined.filter((each) => 'image' in each).length
    pending.push(...examined)
    if (Date.now() - recordedAt < RECORD_EVERY_MS && pending.length < RECORD_EVERY_FILES) continue
    await rooms.imports.record(claim, pending)
    pending = []
    recordedAt = Date.now()
  }
  if (pending.length > 0) await rooms.imports.record(claim, pending)
  return pictures
}
