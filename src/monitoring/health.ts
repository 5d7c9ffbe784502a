/** Whether a process can do its work now, found out by trying, and if not why. */
import { within } from './deadline.js'

/** Rejects with what is wrong, in words for people that hold nothing secret. */
export type Check = () => Promise<void>

export interface Readiness {
  readonly ready: boolean
  /** What is wrong, by the name of its check; empty where nothing is. */
  readonly reasons: Readonly<Record<string, string>>
}

export interface Health {
  readiness(): Promise<Readiness>
  /** From now on nothing new should come: not ready, whatever the checks say. */
  drain(): void
}

/** Why a check fails, said to whoever asks for the health. */
export class Unhealthy extends Error {
  override readonly name = 'Unhealthy'
}

const ANSWER_WITHIN_MS = 2_000
/** However often it is asked. */
const FRESH_MS = 1_000

export function createHealth(checks: Readonly<Record<string, Check>>): Health {
  const watched = Object.entries(checks).map(([name, check]) => ({ name, ask: oneAtATime(check) }))
  let draining = false
  return {
    readiness: async () => {
      if (draining) return { ready: false, reasons: { process: 'is stopping' } }
      const answers = await Promise.all(watched.map(async ({ name, ask }) => ({ name, reason: await ask() })))
      const reasons = Object.fromEntries(
        answers.flatMap(({ name, reason }) => (reason === null ? [] : [[name, reason]])),
      )
      return { ready: answers.every(({ reason }) => reason === null), reasons }
    },
    drain: () => {
      draining = true
    },
  }
}

/** A check that hangs, on a network disk for instance, is not begun again until it has come back. */
function oneAtATime(check: Check): () => Promise<string | null> {
  let present: Promise<string | null> | undefined
  let endedAt = -Infinity
  const begin = (): Promise<string | null> =>
    check()
      .then(() => null, reasonOf)
      .finally(() => {
        endedAt = performance.now()
      })
  return () => {
    const isOver = endedAt > -Infinity
    if (present === undefined || (isOver && performance.now() - endedAt > FRESH_MS)) {
      endedAt = -Infinity
      present = begin()
    }
    return within(ANSWER_WITHIN_MS, present).catch(() => 'does not answer')
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Unhealthy ? error.message : 'does not answer'
}
