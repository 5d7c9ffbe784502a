/** A tar archive, gzipped or not, read from its beginning to its end. Nothing is unpacked to disk. */
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Parser, type ReadEntry } from 'tar'
import { StorageError } from '../../../storage/storage.errors.js'
import type { UploadBytes } from '../../../uploads/upload.bytes.js'
import { CollectionError, type Collection, type ReadLimit, type SourceFile } from '../collection.js'
import type { Archive } from './archive.collection.js'
import { EntryList } from './entry-list.js'
import { damaged, Unpacking } from './unpacking.js'

export function tarCollection(archive: Archive, { isGzipped }: { isGzipped: boolean }): Collection {
  return {
    name: `the archive "${archive.fileName}"`,
    mayHaveTopFolder: true,
    files: (limitOf) => files(archive, { isGzipped, limitOf }),
  }
}

interface Reading {
  readonly isGzipped: boolean
  readonly limitOf: ReadLimit
}

async function* files(archive: Archive, { isGzipped, limitOf }: Reading): AsyncGenerator<SourceFile> {
  const { bytes, limits, signal } = archive
  const unpacking = new Unpacking(limits)
  const tar = new TarReader(new EntryList(limitOf), unpacking)
  for await (const chunk of isGzipped ? gunzipped(bytes, unpacking) : bytes.stream()) {
    signal.throwIfAborted()
    yield* tar.write(chunk)
    if (tar.hasEnded) return
  }
  yield* tar.end()
}

async function* gunzipped(bytes: UploadBytes, unpacking: Unpacking): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  pipeline(Readable.from(bytes.stream()), gunzip, () => undefined)
  let unpacked = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      unpacked += chunk.length
      unpacking.bytes(gunzip.bytesWritten, unpacked)
      yield chunk
    }
  } catch (error) {
    if (error instanceof StorageError || error instanceof CollectionError) throw error
    throw damaged(error instanceof Error ? error.message : String(error))
  }
}

const FILES: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile'])

/** Between a parser that announces entries and a loop that asks for files. */
class TarReader {
  /** The closing block was there: what follows is none of the archive's. */
  hasEnded = false
  readonly #parser: Parser
  #files: SourceFile[] = []
  #failure: CollectionError | undefined
  /** A name too long to be read came before the entry that it belongs to. */
  #isNameTooLong = false

  constructor(
    private readonly list: EntryList,
    private readonly unpacking: Unpacking,
  ) {
    this.#parser = new Parser({ zstd: false, onReadEntry: (entry) => this.#take(entry) })
    this.#parser.on('ignoredEntry', () => (this.#isNameTooLong = true))
    this.#parser.on('nullBlock', () => (this.hasEnded = true))
    this.#parser.on('warn', (_code: string, message: string) => (this.#failure ??= damaged(message)))
  }

  /** @returns the files that came to their end with this chunk */
  write(chunk: Buffer): SourceFile[] {
    this.#parser.write(chunk)
    return this.#finished()
  }

  end(): SourceFile[] {
    this.#parser.end()
    if (!this.hasEnded) this.#failure ??= damaged('it ends too early')
    return this.#finished()
  }

  #finished(): SourceFile[] {
    if (this.#failure !== undefined) throw this.#failure
    return this.#files.splice(0)
  }

  /** Called by the parser, which an error thrown here would leave in the middle. */
  #take(entry: ReadEntry): void {
    const listed = this.#failure === undefined ? this.#listed(entry) : null
    if (listed?.isWanted !== true) {
      if (listed !== null) this.#files.push(listed)
      entry.resume()
      return
    }
    const pieces: Buffer[] = []
    entry.on('data', (piece) => pieces.push(piece))
    entry.on('end', () => this.#files.push({ path: listed.path, read: () => Promise.resolve(Buffer.concat(pieces)) }))
  }

  #listed(entry: ReadEntry) {
    try {
      this.unpacking.entry()
    } catch (error) {
      this.#failure = error as CollectionError
      return null
    }
    const { path: name, size: byteSize, type } = entry
    if (type === 'Directory' || name.endsWith('/')) return null
    const odd = FILES.has(type) ? undefined : 'It is a link or a device, not a file.'
    const reason = this.#isNameTooLong ? 'Its name is too long.' : odd
    this.#isNameTooLong = false
    return this.list.add({ name, byteSize, reason })
  }
}
