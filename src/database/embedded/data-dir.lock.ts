import { join } from 'node:path'
import { lock } from 'proper-lockfile'

/** A lock whose holder was killed is taken over after this. */
const STALE_MS = 5000
const PATIENCE_MS = 180_000
const RETRY_MS = 60

/**
 * One process at a time finds, starts or stops the data folder's server. Should a holder stall for so long that the lock
 * is taken from it, nothing breaks: clusters appear by a rename, and Postgres itself refuses a second server.
 */
export async function withDataDirLock<Result>(dataDir: string, action: () => Promise<Result>): Promise<Result> {
  const release = await lock(dataDir, {
    lockfilePath: join(dataDir, 'postgres.lock'),
    realpath: false,
    stale: STALE_MS,
    update: STALE_MS / 4,
    retries: { retries: PATIENCE_MS / RETRY_MS, factor: 1, minTimeout: RETRY_MS, maxTimeout: RETRY_MS },
    onCompromised: () => undefined,
  })
  try {
    return await action()
  } finally {
    await release().catch(() => undefined)
  }
}
