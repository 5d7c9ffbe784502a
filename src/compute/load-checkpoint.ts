import { RunError } from '../domain/failure.js'
import { readCheckpoint, type CheckpointFile } from '../training/checkpoint-file.js'
import type { BlobStore } from '../storage/blob-store.js'
import { BlobLostError } from '../storage/storage.errors.js'

/** Nothing else has what it learnt, and nothing takes its place. @throws RunError WEIGHTS_UNAVAILABLE, StorageError */
export async function loadCheckpoint(storage: BlobStore, sha256: string): Promise<CheckpointFile> {
  try {
    return readCheckpoint(await storage.read(sha256))
  } catch (error) {
    if (!(error instanceof BlobLostError)) throw error
    const text = "Restore the checkpoint's file in storage from a backup, or start a new run that does not need it."
    throw new RunError('WEIGHTS_UNAVAILABLE', `A checkpoint is lost: ${error.message}`, { text, changes: [] })
  }
}
