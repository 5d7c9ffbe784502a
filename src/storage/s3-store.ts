/**
 * Blobs in an S3 bucket, or in a server's that speaks like it. Their names are known only once all bytes were seen, so they
 * are written to a draft in the data folder first and then sent by their name; what went through stays near as a copy.
 */
import { readFile } from 'node:fs/promises'
import { PassThrough, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { S3Storage } from '../config/storage.setting.js'
import { sha256Of } from '../domain/digest.js'
import { blobPlace, isBlobName } from './blob-name.js'
import type { BlobStore, ByteRange, ListedBlob, StoredBlob } from './blob-store.js'
import { writeDraft } from './draft.js'
import { createLocalCopies, guard, type LocalCopies } from './local-copies.js'
import { connectBucket, type Bucket } from './s3-bucket.js'
import { BlobCorruptError } from './storage.errors.js'

/** @throws StorageUnavailableError where the bucket is out of reach */
export async function createS3Store(storage: S3Storage): Promise<BlobStore> {
  const copies = await createLocalCopies(storage.cacheDirectory, storage.cacheBytes)
  return new S3Store(await connectBucket(storage), copies)
}

class S3Store implements BlobStore {
  readonly #bucket: Bucket
  readonly #copies: LocalCopies

  constructor(bucket: Bucket, copies: LocalCopies) {
    this.#bucket = bucket
    this.#copies = copies
  }

  /** Sent even where the blob is there already: that renews its time, and mends it. */
  put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredBlob> {
    return this.#copies.withDraft(async (path) => {
      const blob = await writeDraft(bytes instanceof Uint8Array ? [bytes] : bytes, { path, guard, durable: false })
      await this.#bucket.upload(blobPlace(blob.sha256), { path, ...blob })
      await this.#copies.discard(blob.sha256)
      await this.#copies.keep(blob.sha256, path)
      return blob
    })
  }

  async read(sha256: string): Promise<Buffer> {
    const bytes = await this.withFile(sha256, (path) => readFile(path))
    if (sha256Of(bytes) === sha256) return bytes
    // Only the copy can be damaged: a download is proven.
    await this.#copies.discard(sha256)
    const again = await this.withFile(sha256, (path) => readFile(path))
    if (sha256Of(again) !== sha256) throw new BlobCorruptError(sha256)
    return again
  }

  stream(sha256: string, range?: ByteRange): Readable {
    const out = new PassThrough()
    const place = blobPlace(sha256)
    this.#open({ sha256, place }, range, out).catch((error: unknown) => out.destroy(error as Error))
    return out
  }

  async stat(sha256: string): Promise<ListedBlob | null> {
    const facts = await this.#bucket.head(blobPlace(sha256))
    return facts === null ? null : { sha256, ...facts }
  }

  async delete(sha256: string): Promise<void> {
    await this.#bucket.delete(blobPlace(sha256))
    await this.#copies.discard(sha256)
  }

  /** S3 cannot look and delete in one go: a put in the milliseconds between would be lost. */
  async deleteIfOlder(sha256: string, putBefore: Date): Promise<boolean> {
    const found = await this.stat(sha256)
    if (found === null || found.putAt >= putBefore) return false
    await this.delete(sha256)
    return true
  }

  async *list(): AsyncIterable<ListedBlob> {
    for await (const { place, ...facts } of this.#bucket.list()) {
      const sha256 = place.slice(place.lastIndexOf('/') + 1)
      if (isBlobName(sha256) && place === blobPlace(sha256)) yield { sha256, ...facts }
    }
  }

  withFile<Result>(sha256: string, use: (path: string) => Promise<Result>): Promise<Result> {
    const place = blobPlace(sha256)
    return this.#copies.withDraft(async (path) => {
      if (await this.#copies.borrow(sha256, path)) return use(path)
      const parts = this.#bucket.download(place, { sha256 })
      const blob = await writeDraft(parts, { path, guard, durable: false })
      if (blob.sha256 !== sha256) throw new BlobCorruptError(sha256)
      await this.#copies.keep(sha256, path)
      return use(path)
    })
  }

  /** A copy, if there is one, is as good as the bucket's and nearer. */
  async #open(blob: { sha256: string; place: string }, range: ByteRange | undefined, out: PassThrough): Promise<void> {
    const near = await this.#copies.open(blob.sha256)
    const source = near?.createReadStream(range) ?? this.#bucket.download(blob.place, { ...blob, range })
    await pipeline(source, out)
  }
}
