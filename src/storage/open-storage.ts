import type { Config } from '../config/config.js'
import type { BlobStore } from './blob-store.js'
import { createFileStore } from './file-store.js'

/**
 * The storage that GRAFT_STORAGE_URL names, ready for use.
 * @throws StorageUnavailableError, which says what to check
 */
export function openStorage({ storage }: Pick<Config, 'storage'>): Promise<BlobStore> {
  return createFileStore(storage.directory)
}
