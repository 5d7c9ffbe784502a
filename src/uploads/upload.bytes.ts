/** The bytes of a complete upload, wherever its parts begin and end, each part proven by its sha256. */
import type { UploadPart } from '../database/generated/client.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { UploadRepository } from './upload.repository.js'

export type StoredPart = Pick<UploadPart, 'start' | 'byteSize' | 'sha256'>

/** An archive's directory and the entry that is read usually lie in two parts. */
const PARTS_IN_MEMORY = 2

export async function openUpload(
  { uploads, storage }: { uploads: UploadRepository; storage: BlobStore },
  id: string,
): Promise<UploadBytes> {
  return new UploadBytes(storage, await uploads.parts(id))
}

export class UploadBytes {
  readonly byteSize: number
  /** The ones read last, the latest at the end. */
  #read: { readonly part: StoredPart; readonly bytes: Promise<Buffer> }[] = []

  /** @param parts in their order, from the first byte without a gap */
  constructor(
    private readonly storage: BlobStore,
    private readonly parts: readonly StoredPart[],
  ) {
    const last = parts.at(-1)
    this.byteSize = last === undefined ? 0 : Number(last.start) + last.byteSize
  }

  /** From `start` (included) to `end` (not included), in pieces; views of what is held in memory, not to be written to. */
  async *stream(start = 0, end = this.byteSize): AsyncGenerator<Buffer> {
    for (let at = start; at < Math.min(end, this.byteSize);) {
      const part = this.#partAt(at)
      const offset = at - Number(part.start)
      const piece = (await this.#bytesOf(part)).subarray(offset, offset + end - at)
      yield piece
      at += piece.length
    }
  }

  async read(start: number, length: number): Promise<Buffer> {
    const pieces: Buffer[] = []
    for await (const piece of this.stream(start, start + length)) pieces.push(piece)
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
  }

  /** By halving: a large upload has thousands. */
  #partAt(position: number): StoredPart {
    let [low, high] = [0, this.parts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (Number(this.parts[middle]?.start) <= position) low = middle
      else high = middle - 1
    }
    return this.parts[low] as StoredPart
  }

  #bytesOf(part: StoredPart): Promise<Buffer> {
    const known = this.#read.find((each) => each.part === part)
    const found = known ?? { part, bytes: this.storage.read(part.sha256) }
    this.#read = [...this.#read.filter((each) => each !== known), found].slice(-PARTS_IN_MEMORY)
    return found.bytes
  }
}
