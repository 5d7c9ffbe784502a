import { createHash } from 'node:crypto'
import type { BlobStore } from './blob-store.js'
import { BlobMissingError } from './storage.errors.js'

/** Whether a blob is there with the very bytes of its name; for those who would make it again. */
export async function isWhole(storage: BlobStore, sha256: string): Promise<boolean> {
  const hash = createHash('sha256')
  try {
    for await (const part of storage.stream(sha256) as AsyncIterable<Uint8Array>) hash.update(part)
  } catch (error) {
    if (error instanceof BlobMissingError) return false
    throw error
  }
  return hash.digest('hex') === sha256
}
