/** A zip archive, read entry by entry in the order of its directory. Nothing is unpacked to disk. */
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { StorageError } from '../../../storage/storage.errors.js'
import type { UploadBytes } from '../../../uploads/upload.bytes.js'
import type { Collection, ReadLimit, SourceFile } from '../collection.js'
import type { Archive } from './archive.collection.js'
import { EntryList } from './entry-list.js'
import { bomb, damaged, Unpacking, type UnpackLimits } from './unpacking.js'

export function zipCollection(archive: Archive): Collection {
  return {
    name: `the archive "${archive.fileName}"`,
    mayHaveTopFolder: true,
    files: (limitOf) => files(archive, limitOf),
  }
}

async function* files({ bytes, limits, signal }: Archive, limitOf: ReadLimit): AsyncGenerator<SourceFile> {
  const list = new EntryList(limitOf)
  const zip = await openZip(bytes).catch(unreadable)
  for await (const entry of bounded(zip, { byteSize: bytes.byteSize, limits })) {
    signal.throwIfAborted()
    const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true)
    if (name.endsWith('/')) continue
    const listed = list.add({ name, byteSize: entry.uncompressedSize, reason: oddity(entry) })
    if (listed === null) continue
    if (!listed.isWanted) yield listed
    else {
      const content = await readEntry(zip, entry)
      yield { path: listed.path, read: () => Promise.resolve(content) }
    }
  }
}

/** Every entry, as long as what they would unpack to is within the limits. */
async function* bounded(
  zip: ZipFile,
  { byteSize, limits }: { byteSize: number; limits: UnpackLimits },
): AsyncGenerator<Entry> {
  const unpacking = new Unpacking(limits)
  const entries = zip.eachEntry()
  let [packed, unpacked] = [0, 0]
  for (;;) {
    const next = await entries.next().catch(unreadable)
    if (next.done === true) return
    packed += next.value.compressedSize
    unpacked += next.value.uncompressedSize
    // Those that share bytes unpack to more than the archive's size lets expect.
    if (packed > byteSize) throw bomb('Its entries overlap.')
    unpacking.entry()
    unpacking.bytes(byteSize, unpacked)
    yield next.value
  }
}

const FILE_TYPE = 0o170000
const REGULAR_FILE = 0o100000

/** Why an entry cannot be taken though its name is fine. */
function oddity(entry: Entry): string | undefined {
  // Made on Unix, its upper half holds the mode; elsewhere zero.
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE
  if (type !== 0 && type !== REGULAR_FILE) return 'It is a link or a device, not a file.'
  if (entry.isEncrypted()) return 'It is encrypted.'
  return entry.canDecodeFileData() ? undefined : `It is compressed by method ${String(entry.compressionMethod)}.`
}

/** The bytes, as many as announced and with the announced checksum, or why not. */
async function readEntry(zip: ZipFile, entry: Entry): Promise<Buffer | string> {
  try {
    const pieces: Buffer[] = []
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer)
    const bytes = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
    return crc32(bytes) === entry.crc32 ? bytes : 'It is damaged: its checksum is wrong.'
  } catch (error) {
    if (error instanceof StorageError) throw error
    return 'It is damaged: its bytes cannot be unpacked, or are not as many as the archive says.'
  }
}

function openZip(bytes: UploadBytes): Promise<ZipFile> {
  return yauzl.fromRandomAccessReaderPromise(new UploadReader(bytes), bytes.byteSize, {
    lazyEntries: true,
    autoClose: false,
    decodeStrings: false,
  })
}

function unreadable(error: unknown): never {
  throw error instanceof StorageError ? error : damaged(error instanceof Error ? error.message : String(error))
}

class UploadReader extends yauzl.RandomAccessReader {
  constructor(private readonly bytes: UploadBytes) {
    super()
  }

  override read(...[target, offset, length, position, done]: Parameters<yauzl.RandomAccessReader['read']>): void {
    this.bytes.read(position, length).then(
      (bytes) => {
        bytes.copy(target, offset)
        setImmediate(done, null)
      },
      (error: unknown) => setImmediate(done, error as Error),
    )
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.bytes.stream(start, end))
  }
}
