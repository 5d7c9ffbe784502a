import { BlobMissingError } from './storage.errors.js'

const SHA256 = /^[0-9a-f]{64}$/

export function isBlobName(name: string): boolean {
  return SHA256.test(name)
}

/**
 * Where a blob lies below a folder or a bucket's prefix: `ab/abcd…`. The same in both, so that one may be copied to the
 * other. Ten million blobs are 40,000 in each of 256 folders.
 * @throws BlobMissingError for what is no blob's name
 */
export function blobPlace(sha256: string): string {
  if (!isBlobName(sha256)) throw new BlobMissingError(sha256)
  return `${sha256.slice(0, 2)}/${sha256}`
}
