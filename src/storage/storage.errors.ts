/** What reading and writing blobs can meet; the subclasses say which. */
export class StorageError extends Error {
  override readonly name: string = 'StorageError'
}

/** There is no such blob, or no longer: what trying again does not mend. */
export abstract class BlobLostError extends StorageError {
  constructor(
    readonly sha256: string,
    message: string,
  ) {
    super(message)
  }
}

export class BlobMissingError extends BlobLostError {
  override readonly name = 'BlobMissingError'

  constructor(sha256: string) {
    super(sha256, `Storage has no blob ${sha256}.`)
  }
}

export class BlobCorruptError extends BlobLostError {
  override readonly name = 'BlobCorruptError'

  constructor(sha256: string) {
    super(sha256, `The blob ${sha256} in storage is damaged: its bytes are not those that were written.`)
  }
}

export class StorageFullError extends StorageError {
  override readonly name = 'StorageFullError'

  constructor(advice: string, cause: unknown) {
    super(`Storage is full. ${advice}`, { cause })
  }
}

/** Gone, unmounted, not ours, or not answering. */
export class StorageUnavailableError extends StorageError {
  override readonly name = 'StorageUnavailableError'

  constructor(advice: string, cause: unknown) {
    super(`Storage cannot be reached. ${advice}`, { cause })
  }
}
