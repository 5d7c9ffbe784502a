/** Blobs by content: a blob's name is the sha256 of its bytes, so equal bytes are stored once and reading proves them. */
import type { Readable } from 'node:stream'

export interface StoredBlob {
  /** Lower-case hexadecimal. */
  sha256: string
  byteSize: number
}

export interface ListedBlob extends StoredBlob {
  /** When it was put last, also if it was there already: by the clock of the storage. */
  putAt: Date
}

export interface ByteRange {
  /** First byte, from 0. */
  start: number
  /** Last byte, included; the blob's end if left out. */
  end?: number
}

/** Every method may throw a StorageError: BlobMissingError, BlobCorruptError, StorageFullError, StorageUnavailableError. */
export interface BlobStore {
  /** Durable once it resolves. Puts of equal bytes at the same time are safe. */
  put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredBlob>
  /** The whole blob, proven against its name. */
  read(sha256: string): Promise<Buffer>
  /** Unproven: for serving. The stream fails with BlobMissingError if there is no such blob. */
  stream(sha256: string, range?: ByteRange): Readable
  /** Null if there is no such blob. */
  stat(sha256: string): Promise<ListedBlob | null>
  /** Deleting what is not there is no error. */
  delete(sha256: string): Promise<void>
  /** Deletes it unless it was put since: what is put meanwhile stays. @returns whether it was deleted */
  deleteIfOlder(sha256: string, putBefore: Date): Promise<boolean>
  /** All blobs, in no order. One that is put or deleted meanwhile may be among them or not. */
  list(): AsyncIterable<ListedBlob>
  /**
   * For readers that want a file: its path holds the blob's bytes until what `use` gives back has settled. Nobody may
   * write to it.
   */
  withFile<Result>(sha256: string, use: (path: string) => Promise<Result>): Promise<Result>
}
