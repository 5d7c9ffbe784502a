/** What the file system's errors mean for blobs. */
import { BlobMissingError, StorageError, StorageFullError, StorageUnavailableError } from './storage.errors.js'

/** What to do when a folder is full, and when it cannot be used. */
export interface FolderAdvice {
  readonly full: string
  readonly unavailable: string
}

const FULL = new Set(['ENOSPC', 'EDQUOT'])
const UNAVAILABLE = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOENT', 'ENOTDIR', 'EMFILE', 'ENFILE', 'ESTALE', 'ENODEV'],
])

/** Errors that are not the file system's own are returned as they are. */
function storageErrorOf(error: unknown, advice: FolderAdvice, sha256?: string): Error {
  if (!(error instanceof Error)) return new StorageError(String(error))
  const code = codeOf(error)
  if (FULL.has(code)) return new StorageFullError(advice.full, error)
  if (code === 'ENOENT' && sha256 !== undefined) return new BlobMissingError(sha256)
  return UNAVAILABLE.has(code) ? new StorageUnavailableError(advice.unavailable, error) : error
}

export interface FileGuard {
  /** Does it, and throws a StorageError in the file system's place. @param sha256 the blob whose file must be there */
  run<Result>(action: () => Promise<Result>, sha256?: string): Promise<Result>
  errorOf(error: unknown, sha256?: string): Error
}

export function createFileGuard(advice: FolderAdvice): FileGuard {
  const errorOf = (error: unknown, sha256?: string): Error => storageErrorOf(error, advice, sha256)
  return {
    errorOf,
    run: async (action, sha256) => {
      try {
        return await action()
      } catch (error) {
        throw errorOf(error, sha256)
      }
    },
  }
}

export function nullIfMissing(error: unknown): null {
  if (error instanceof Error && codeOf(error) === 'ENOENT') return null
  throw error
}

export function unlessThere(error: unknown): void {
  if (error instanceof Error && codeOf(error) === 'EEXIST') return
  throw error
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}
