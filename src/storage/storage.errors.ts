/** What reading and writing blobs can meet; the subclasses say which. */
export class StorageError extends Error {
  override readonly name: string = 'StorageError'
}

export class BlobMissingError extends StorageError {
  override readonly name = 'BlobMissingError'

  constructor(readonly sha256: string) {
    super(`Storage has no blob ${sha256}.`)
  }
}

export class BlobCorruptError extends StorageError {
  override readonly name = 'BlobCorruptError'

  constructor(readonly sha256: string) {
    super(`The blob ${sha256} in storage is damaged: its bytes are not those that were written.`)
  }
}

export class StorageFullError extends StorageError {
  override readonly name = 'StorageFullError'

  constructor(cause: unknown) {
    super('Storage is full. Free some space, or point GRAFT_STORAGE_URL at a larger disk.', { cause })
  }
}

/** The folder cannot be read or written: gone, unmounted, or not ours. */
export class StorageUnavailableError extends StorageError {
  override readonly name = 'StorageUnavailableError'

  constructor(cause: unknown) {
    super('Storage cannot be reached. Check that GRAFT_STORAGE_URL is a folder that Graft may read and write.', {
      cause,
    })
  }
}

const FULL = new Set(['ENOSPC', 'EDQUOT'])
const UNAVAILABLE = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'EIO',
  'ENOENT',
  'ENOTDIR',
  'EMFILE',
  'ENFILE',
  'ESTALE',
  'ENODEV',
])

/** What the file system's error means for the blob; errors that are not its own are returned as they are. */
export function storageErrorOf(error: unknown, sha256?: string): Error {
  if (!(error instanceof Error)) return new StorageError(String(error))
  const code = 'code' in error ? String(error.code) : ''
  if (FULL.has(code)) return new StorageFullError(error)
  if (code === 'ENOENT' && sha256 !== undefined) return new BlobMissingError(sha256)
  return UNAVAILABLE.has(code) ? new StorageUnavailableError(error) : error
}
