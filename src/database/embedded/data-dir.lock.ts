import { rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { lock } from 'proper-lockfile'
import { createLookClock } from '../../domain/look-clock.js'

const PATIENCE_MS = 180_000
const RETRY_MS = 60
/** A holder touches its lock so often. */
const TOUCH_MS = 1250
/** The lock of one that was killed is taken over after this long without a touch. */
const STALE_MS = 5000
/** More than this between two looks, and we were not looking: our own sleep is no silence of the holder's. */
const MOST_COUNTED_MS = 250

/** One process at a time finds, starts or stops the data folder's server. */
export async function withDataDirLock<Result>(dataDir: string, action: () => Promise<Result>): Promise<Result> {
  const release = await acquire(dataDir, join(dataDir, 'postgres.lock'))
  try {
    return await action()
  } finally {
    await release().catch(() => undefined)
  }
}

/** By what we see happen and not by the lock's age: clocks jump, and a lock that was made an hour ago may be a second old. */
async function acquire(dataDir: string, lockfilePath: string): Promise<() => Promise<void>> {
  const deadline = performance.now() + PATIENCE_MS
  const clock = createLookClock(MOST_COUNTED_MS)
  let touchedAt: number | undefined
  let silentMs = 0
  for (;;) {
    const got = await tryToLock(dataDir, lockfilePath).catch((error: unknown) => {
      if (!isHeld(error) || performance.now() > deadline) throw error
      return undefined
    })
    if (got !== undefined) return got
    const lastTouch = touchedAt
    touchedAt = await stat(lockfilePath).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    )
    const countedMs = clock.look()
    silentMs = touchedAt === lastTouch ? silentMs + countedMs : 0
    if (silentMs > STALE_MS) {
      silentMs = 0
      await rmdir(lockfilePath).catch(() => undefined)
    }
    await sleep(RETRY_MS)
  }
}

function tryToLock(dataDir: string, lockfilePath: string): Promise<() => Promise<void>> {
  return lock(dataDir, {
    lockfilePath,
    realpath: false,
    // Never by its age.
    stale: Number.MAX_SAFE_INTEGER,
    update: TOUCH_MS,
    onCompromised: () => undefined,
  })
}

function isHeld(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOCKED'
}
