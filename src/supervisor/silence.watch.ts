/**
 * Tells a child that hangs from one that takes a long step, by its silence: it is given ten times the longest silence that
 * it broke itself, and never less than a setting. Only time in which we looked counts, so that our own sleep is no silence.
 */
import { createLookClock } from '../domain/look-clock.js'

const LOOK_EVERY_MS = 1000
/** More than this between two looks, and we were not looking. */
const MOST_COUNTED_MS = 2000
const TIMES_THE_LONGEST = 10

export interface SilenceWatch {
  /** Waits for the child's next word. */
  during<Word>(next: Promise<Word>): Promise<Word>
  /** The child announces a silence of this length. */
  expect(silenceMs: number): void
}

/** @param onHang is called once for each wait that takes too long */
export function createSilenceWatch({
  leastMs,
  onHang,
}: {
  leastMs: number
  onHang: (silentMs: number) => void
}): SilenceWatch {
  let longestMs = 0
  let expectedMs = 0
  return {
    expect: (silenceMs) => {
      expectedMs = Math.max(expectedMs, silenceMs)
    },
    during: async (next) => {
      let silentMs = 0
      const clock = createLookClock(MOST_COUNTED_MS)
      clock.look()
      const looking = setInterval(() => {
        silentMs += clock.look()
        if (silentMs < Math.max(leastMs, expectedMs, TIMES_THE_LONGEST * longestMs)) return
        clearInterval(looking)
        onHang(silentMs)
      }, LOOK_EVERY_MS)
      try {
        return await next
      } finally {
        clearInterval(looking)
        longestMs = Math.max(longestMs, silentMs)
      }
    },
  }
}
