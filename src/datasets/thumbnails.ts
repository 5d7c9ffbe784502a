/** Pictures made smaller for people: kept near, made by a few at a time so that a page of them holds nobody else up. */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { buffer } from 'node:stream/consumers'
import type { Logger } from 'pino'
import type { ImageReader } from '../images/image.reader.js'
import { createLimiter } from '../inference/limiter.js'
import type { BlobStore } from '../storage/blob-store.js'
import { createLocalCopies, type LocalCopies } from '../storage/local-copies.js'

export interface Thumbnail {
  /** JPEG. */
  readonly bytes: Buffer
  readonly sha256: string
}

export interface Thumbnails {
  /** @throws StorageError, UnreadableImageError, ImageTooLargeError */
  of(pictureSha256: string, size: number): Promise<Thumbnail>
}

interface Rooms {
  readonly storage: BlobStore
  readonly reader: ImageReader
  readonly log: Logger
}

/** Half of the processor for those who look, the rest for those who ask. */
const AT_ONCE = Math.max(1, availableParallelism() >> 1)
const DIGEST_BYTES = 32
/** Some 100,000 of them. */
const KEPT_BYTES = 1e9

/** @param directory where they are kept, below the data folder */
export async function createThumbnails(directory: string, rooms: Rooms): Promise<Thumbnails> {
  const copies = await createLocalCopies(directory, KEPT_BYTES)
  const limit = createLimiter(AT_ONCE)
  const making = new Map<string, Promise<Thumbnail>>()
  const make = async (pictureSha256: string, size: number): Promise<Thumbnail> => {
    const bytes = await rooms.reader.thumbnail(await rooms.storage.read(pictureSha256), size)
    return { bytes, sha256: digestOf(bytes).toString('hex') }
  }
  return {
    of: async (pictureSha256, size) => {
      const name = `${pictureSha256}-${String(size)}.jpg`
      const kept = await readKept(copies, name)
      if (kept !== null) return kept
      const begun = making.get(name)
      if (begun !== undefined) return begun
      const made = limit(() => make(pictureSha256, size)).finally(() => making.delete(name))
      making.set(name, made)
      const thumbnail = await made
      // Whoever asked gets it all the same.
      await keep(copies, name, thumbnail).catch((error: unknown) => {
        rooms.log.warn({ err: error }, 'A thumbnail could not be kept')
      })
      return thumbnail
    },
  }
}

/** The bytes behind their digest: one that the disk has damaged counts for nothing, and is made anew. */
async function readKept(copies: LocalCopies, name: string): Promise<Thumbnail | null> {
  const file = await copies.open(name)
  if (file === null) return null
  const all = await buffer(file.createReadStream())
  const bytes = all.subarray(DIGEST_BYTES)
  const digest = digestOf(bytes)
  if (digest.equals(all.subarray(0, DIGEST_BYTES))) return { bytes, sha256: digest.toString('hex') }
  await copies.discard(name)
  return null
}

function keep(copies: LocalCopies, name: string, { bytes, sha256 }: Thumbnail): Promise<void> {
  return copies.withDraft(async (path) => {
    await writeFile(path, Buffer.concat([Buffer.from(sha256, 'hex'), bytes]))
    await copies.keep(name, path)
  })
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
