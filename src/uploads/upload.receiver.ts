/** Takes in what is sent: cut into parts, each durable in storage before a row names it, so that sending can go on after it. */
import type { Upload } from '../database/generated/client.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { UploadRepository } from './upload.repository.js'

export const PART_BYTES = 16 * 1024 * 1024
/** Parts that are shorter: the ends of broken connections, or of a client that sends little at a time. */
const MAX_SHORT_PARTS = 10_000

export type ReceiveProblem = 'conflict' | 'too-much' | 'too-many-parts'

/** Expected: whoever sends is told, and what was taken before stays. */
export class ReceiveError extends Error {
  override readonly name = 'ReceiveError'

  constructor(
    readonly problem: ReceiveProblem,
    message: string,
  ) {
    super(message)
  }
}

interface Rooms {
  readonly uploads: UploadRepository
  readonly storage: BlobStore
}

/**
 * Appends the bytes at `upload.received`. What came of a stream that breaks is kept; then its error is thrown.
 * @returns how many bytes are there now
 * @throws ReceiveError, StorageError
 */
export async function receive(
  { uploads, storage }: Rooms,
  upload: Upload,
  bytes: AsyncIterable<Uint8Array>,
): Promise<number> {
  const byteSize = Number(upload.byteSize)
  const mostParts = Math.ceil(byteSize / PART_BYTES) + MAX_SHORT_PARTS
  const source = new PartSource(bytes)
  let start = Number(upload.received)
  for (let count = upload.partCount; await source.hasMore(); count++) {
    if (count >= mostParts)
      throw new ReceiveError('too-many-parts', `Send parts of ${String(PART_BYTES)} bytes or more: these are too many.`)
    const part = await storage.put(source.next(Math.min(PART_BYTES, byteSize - start)))
    // Before the last part makes the file complete.
    if (start + part.byteSize === byteSize && (await source.hasMore()))
      throw new ReceiveError('too-much', `The file was announced with ${String(byteSize)} bytes; more were sent.`)
    if (!(await uploads.addPart(upload, { start, ...part })))
      throw new ReceiveError('conflict', 'Somebody else sends to this address, or its time is over.')
    start += part.byteSize
  }
  if (source.failure !== undefined) throw source.failure.cause
  return start
}

/** A stream cut into streams of a given length. Its failure ends the present one, so that what came can be kept. */
class PartSource {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array()
  failure: { readonly cause: unknown } | undefined

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#chunks = bytes[Symbol.asyncIterator]()
  }

  async hasMore(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const chunk = await this.#read()
      if (chunk === undefined) return false
      this.#rest = chunk
    }
    return true
  }

  async *next(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0 && (await this.hasMore());) {
      const piece = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }

  async #read(): Promise<Uint8Array | undefined> {
    if (this.failure !== undefined) return undefined
    try {
      const next = await this.#chunks.next()
      return next.done === true ? undefined : next.value
    } catch (cause) {
      this.failure = { cause }
      return undefined
    }
  }
}
