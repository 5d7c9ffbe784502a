/**
 * Time in which we looked: whoever was suspended, or had no database to look at, saw nothing happen, and must not take that
 * for somebody else's silence. On a monotonic clock, since others jump.
 */
export interface LookClock {
  /** Milliseconds since the last look, as far as they count; 0 for the first one. */
  look(nowMs?: number): number
  /** The next look is the first one again. */
  forget(): void
}

/** @param mostCountedMs more than this between two looks, and we were not looking */
export function createLookClock(mostCountedMs: number): LookClock {
  let lookedAtMs: number | undefined
  return {
    look: (nowMs = performance.now()) => {
      const countedMs = lookedAtMs === undefined ? 0 : Math.min(nowMs - lookedAtMs, mostCountedMs)
      lookedAtMs = nowMs
      return countedMs
    },
    forget: () => {
      lookedAtMs = undefined
    },
  }
}
