/** Blobs as files: `ab/abcd…` below the directory, each written beside its place and moved there. */
import { createReadStream } from 'node:fs'
import { link, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { sha256Of } from '../domain/digest.js'
import { blobPlace, isBlobName } from './blob-name.js'
import type { BlobStore, ByteRange, ListedBlob, StoredBlob } from './blob-store.js'
import { draftName, sweepDrafts, writeDraft } from './draft.js'
import { createFileGuard, nullIfMissing, unlessThere } from './file.errors.js'
import { BlobCorruptError, BlobMissingError } from './storage.errors.js'

const DRAFTS = 'drafts'
const SHARD = /^[0-9a-f]{2}$/
const guard = createFileGuard({
  full: 'Free some space, or point GRAFT_STORAGE_URL at a larger disk.',
  unavailable: 'Check that GRAFT_STORAGE_URL is a folder that Graft may read and write.',
})

/** Makes the directory if it is missing and removes what dead writers left. */
export async function createFileStore(directory: string): Promise<FileStore> {
  const drafts = join(directory, DRAFTS)
  await guard.run(async () => {
    await mkdir(drafts, { recursive: true })
    await sweepDrafts(drafts)
  })
  return new FileStore(directory, drafts)
}

export class FileStore implements BlobStore {
  readonly #directory: string
  readonly #drafts: string

  constructor(directory: string, drafts: string) {
    this.#directory = directory
    this.#drafts = drafts
  }

  async put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredBlob> {
    if (bytes instanceof Uint8Array) {
      const known = { sha256: sha256Of(bytes), byteSize: bytes.byteLength }
      if (await guard.run(() => this.#isKept(known, bytes))) return known
    }
    const draft = join(this.#drafts, draftName())
    try {
      const blob = await writeDraft(bytes instanceof Uint8Array ? [bytes] : bytes, {
        path: draft,
        guard,
        durable: true,
      })
      await guard.run(() => this.#keep(draft, blob.sha256))
      return blob
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined)
      throw error
    }
  }

  async read(sha256: string): Promise<Buffer> {
    const bytes = await guard.run(() => readFile(this.path(sha256)), sha256)
    if (sha256Of(bytes) !== sha256) throw new BlobCorruptError(sha256)
    return bytes
  }

  stream(sha256: string, range?: ByteRange): Readable {
    const out = new PassThrough()
    const source = createReadStream(this.path(sha256), range)
    source.once('error', (error) => out.destroy(guard.errorOf(error, sha256)))
    pipeline(source, out, () => undefined)
    return out
  }

  stat(sha256: string): Promise<ListedBlob | null> {
    return guard.run(async () => {
      const facts = await stat(this.path(sha256)).catch(nullIfMissing)
      return facts === null ? null : { sha256, byteSize: facts.size, putAt: facts.mtime }
    })
  }

  delete(sha256: string): Promise<void> {
    return guard.run(() => rm(this.path(sha256), { force: true }))
  }

  /** Looked at once more where no put reaches it: one that comes meanwhile finds nothing and writes it anew. */
  async deleteIfOlder(sha256: string, putBefore: Date): Promise<boolean> {
    const found = await this.stat(sha256)
    if (found === null || found.putAt >= putBefore) return false
    const aside = join(this.#drafts, draftName())
    return guard.run(async () => {
      if ((await rename(this.path(sha256), aside).then(() => true, nullIfMissing)) === null) return false
      const isOld = (await stat(aside)).mtime < putBefore
      if (!isOld) await link(aside, this.path(sha256)).catch(unlessThere)
      await rm(aside)
      return isOld
    })
  }

  async *list(): AsyncIterable<ListedBlob> {
    const shards = await guard.run(() => readdir(this.#directory))
    for (const shard of shards.filter((name) => SHARD.test(name))) {
      for (const name of await guard.run(() => readdir(join(this.#directory, shard)))) {
        const blob = isBlobName(name) ? await this.stat(name) : null
        if (blob !== null) yield blob
      }
    }
  }

  async withFile<Result>(sha256: string, use: (path: string) => Promise<Result>): Promise<Result> {
    if ((await this.stat(sha256)) === null) throw new BlobMissingError(sha256)
    return use(this.path(sha256))
  }

  /** Where the blob lies. */
  path(sha256: string): string {
    return join(this.#directory, blobPlace(sha256))
  }

  /**
   * Whether these very bytes are there already: what a disk has damaged is written anew. The file's time is renewed, so
   * that whoever deletes blobs that no row names spares one that is about to be named.
   */
  async #isKept({ sha256, byteSize }: StoredBlob, bytes: Uint8Array): Promise<boolean> {
    const path = this.path(sha256)
    const facts = await stat(path).catch(nullIfMissing)
    if (facts?.size !== byteSize) return false
    const kept = await readFile(path).catch(nullIfMissing)
    if (kept?.equals(bytes) !== true) return false
    const now = new Date()
    return utimes(path, now, now).then(
      () => true,
      () => false,
    )
  }

  /** The last writer of equal bytes wins, which changes nothing. */
  async #keep(draft: string, sha256: string): Promise<void> {
    const path = this.path(sha256)
    const shard = dirname(path)
    if ((await rename(draft, path).then(() => true, nullIfMissing)) === null) {
      await mkdir(shard, { recursive: true })
      await syncDirectory(this.#directory)
      await rename(draft, path)
    }
    await syncDirectory(shard)
  }
}

/** A rename is durable once its folder is. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
