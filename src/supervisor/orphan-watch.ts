/** Every supervisor watches what all hold, runs and portions: whoever sees first that a holder is dead puts it back. */
import type { Logger } from 'pino'
import type { SeenLease } from '../runs/run-lease.repository.js'
import { createLeaseMemory } from './lease-memory.js'
import { repeat, type Repetition } from './repeat.js'

const LOOK_EVERY_MS = 1000
const DEAD_AFTER_MS = 8000
/** Before anybody else takes us for dead. */
const MISLAID_AFTER_MS = 2000

/** Of runs, or of portions of features. */
export interface Leases {
  held(): Promise<SeenLease[]>
  /** False if somebody was quicker. */
  takeFromDead(seen: SeenLease): Promise<boolean>
  /** Of a claim that succeeded without our hearing of it. */
  putBack(seen: SeenLease): Promise<boolean>
}

export interface OrphanWatch {
  /** For the log. */
  readonly what: string
  readonly leases: Leases
  readonly trainerId: string
  /** What this supervisor knows that it holds. */
  readonly ours: () => readonly Pick<SeenLease, 'id' | 'lease'>[]
  readonly onRescued?: () => void
  readonly log: Logger
}

export function watchOrphans({ what, leases, trainerId, ours, onRescued, log }: OrphanWatch): Repetition {
  const dead = createLeaseMemory(DEAD_AFTER_MS)
  // Claims in our name that we do not know of: the answer was lost with the connection.
  const mislaid = createLeaseMemory(MISLAID_AFTER_MS)
  const look = async (): Promise<void> => {
    const held = await leases.held()
    const isOurs = (seen: SeenLease): boolean => seen.trainerId === trainerId
    const isKnown = ({ id, lease }: SeenLease): boolean =>
      ours().some((claim) => claim.id === id && claim.lease === lease)
    const now = performance.now()
    const others = held.filter((seen) => !isOurs(seen))
    for (const seen of dead.look(others, now)) {
      if (!(await leases.takeFromDead(seen))) continue
      onRescued?.()
      log.warn({ what, id: seen.id }, 'What a dead trainer held was put back.')
    }
    const unknown = held.filter((seen) => isOurs(seen) && !isKnown(seen))
    for (const seen of mislaid.look(unknown, now)) {
      if (await leases.putBack(seen)) log.warn({ what, id: seen.id }, 'A claim succeeded unheard, and was put back.')
    }
  }
  return repeat({ what: `Looking for ${what} of dead trainers`, everyMs: LOOK_EVERY_MS, log }, async () => {
    try {
      await look()
    } catch (error) {
      dead.forget()
      mislaid.forget()
      throw error
    }
  })
}
