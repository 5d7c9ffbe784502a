import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'

export interface Repetition {
  /** Resolves when the present turn has ended; no other begins. */
  stop(): Promise<void>
}

/**
 * Does something at once and then again and again, one turn after the other; a turn that fails is logged.
 * @param turn its signal asks it to come to an end
 */
export function repeat(
  { what, everyMs, log }: { what: string; everyMs: number; log: Logger },
  turn: (signal: AbortSignal) => Promise<unknown>,
): Repetition {
  const stopped = new AbortController()
  const loop = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await turn(stopped.signal).catch((error: unknown) => {
        log.warn({ err: error }, `${what} failed; it is tried again.`)
      })
      await sleep(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined)
    }
  }
  const ended = loop()
  return {
    stop: () => {
      stopped.abort()
      return ended
    },
  }
}
