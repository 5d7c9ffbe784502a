import type { Config } from '../config/config.js'
import type { BlobStore } from './blob-store.js'
import { createFileStore } from './file-store.js'

/**
 * The storage that GRAFT_STORAGE_URL names, ready for use.
 * @throws StorageUnavailableError, which says what to check
 */
export async function openStorage({ storage }: Pick<Config, 'storage'>): Promise<BlobStore> {
  if (storage.kind === 'file') return createFileStore(storage.directory)
  // AWS's library is not small: whoever keeps blobs in files does not wait for it.
  const { createS3Store } = await import('./s3-store.js')
  return createS3Store(storage)
}
