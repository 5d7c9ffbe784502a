/** Exports whose addresses have all expired are deleted: a checkpoint can be exported again. */
import type { BlobStore } from '../../storage/blob-store.js'
import type { ExportRepository } from './export.repository.js'

/** A file that was put again a moment ago is about to get an address. */
const SPARED_MS = 5 * 60 * 1000

/** Several servers may do it at a time. */
export async function sweepExports(rooms: { exports: ExportRepository; storage: BlobStore }): Promise<void> {
  const { exports, storage } = rooms
  for (const sha256 of await exports.abandoned()) {
    const kept = await storage.stat(sha256)
    if (kept !== null && Date.now() - kept.putAt.getTime() < SPARED_MS) continue
    await storage.delete(sha256)
    // Only now: whoever dies before leaves the row to the next sweep.
    await exports.forget(sha256)
  }
}
