/** Deletes blobs that no row names any more: of deleted datasets and runs, of work that died between blob and row. */
import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { exclusively } from '../database/exclusively.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { BlobReferenceRepository } from './blob-references.repository.js'

export interface BlobSweepRooms {
  readonly references: BlobReferenceRepository
  readonly storage: BlobStore
  readonly databaseUrl: string
  readonly log: Logger
}

/**
 * A blob is put before the row that names it is written, and put again by whoever is about to name one that is there.
 * Between the two lie seconds, or an outage of the database.
 */
export const GRACE_MS = 24 * 3600 * 1000
const BATCH = 1000

export interface Swept {
  readonly blobs: number
  readonly bytes: number
}

/** @returns null where another trainer is at it */
export async function sweepBlobs(
  rooms: BlobSweepRooms,
  { graceMs = GRACE_MS, signal }: { graceMs?: number; signal?: AbortSignal } = {},
): Promise<Swept | null> {
  return exclusively(rooms.databaseUrl, 'sweep of blobs', async () => {
    const putBefore = new Date((await clockOf(rooms.storage)) - graceMs - clockStepsMs())
    await rooms.references.forgetExports()
    await rooms.references.forgetTrainedTrunks(putBefore)
    const swept = { blobs: 0, bytes: 0 }
    // What is older than the database belongs to another one: a new database may be given an old storage by mistake.
    const ours = { from: await rooms.references.bornAt(), before: putBefore }
    for await (const old of batchesOf(rooms.storage, ours)) {
      if (signal?.aborted === true) break
      const referenced = await rooms.references.referenced([...old.keys()])
      for (const [sha256, byteSize] of old) {
        if (referenced.has(sha256) || !(await rooms.storage.deleteIfOlder(sha256, putBefore))) continue
        swept.blobs += 1
        swept.bytes += byteSize
      }
    }
    if (swept.blobs > 0) rooms.log.info(swept, 'Blobs that nothing refers to were deleted.')
    return swept
  })
}

/** Sizes by sha256 of blobs that were put last in between. */
async function* batchesOf(
  storage: BlobStore,
  { from, before }: { from: Date; before: Date },
): AsyncGenerator<Map<string, number>> {
  let batch = new Map<string, number>()
  for await (const { sha256, byteSize, putAt } of storage.list()) {
    if (putAt < from || putAt >= before) continue
    batch.set(sha256, byteSize)
    if (batch.size < BATCH) continue
    yield batch
    batch = new Map()
  }
  if (batch.size > 0) yield batch
}

/** Blobs' times are told by the storage's clock, which may be another machine's. */
async function clockOf(storage: BlobStore): Promise<number> {
  const { sha256 } = await storage.put(randomBytes(16))
  const now = (await storage.stat(sha256))?.putAt.getTime() ?? 0
  await storage.delete(sha256)
  return now
}

/** How far the clock was set since this process began: a blob seems so much older than it is. */
function clockStepsMs(): number {
  return Math.abs(Date.now() - performance.timeOrigin - performance.now())
}
