/** Every supervisor watches the runs of all: whoever sees first that a holder is dead puts its run back. */
import type { Logger } from 'pino'
import type { RunClaim } from '../runs/run-fence.js'
import type { RunLeaseRepository, SeenLease } from '../runs/run-lease.repository.js'
import { createLeaseMemory } from './lease-memory.js'
import { repeat, type Repetition } from './repeat.js'

const LOOK_EVERY_MS = 1000
const DEAD_AFTER_MS = 8000
/** Before anybody else takes us for dead. */
const MISLAID_AFTER_MS = 2000

export interface OrphanWatch {
  readonly leases: Pick<RunLeaseRepository, 'held' | 'takeFromDead' | 'putBack'>
  readonly trainerId: string
  /** What this supervisor knows that it holds, and renews itself. */
  readonly ours: () => readonly RunClaim[]
  readonly onRescued?: () => void
  readonly log: Logger
}

export function watchOrphans({ leases, trainerId, ours, onRescued, log }: OrphanWatch): Repetition {
  const dead = createLeaseMemory(DEAD_AFTER_MS)
  // Claims in our name that we do not know of: the answer was lost with the connection.
  const mislaid = createLeaseMemory(MISLAID_AFTER_MS)
  const look = async (): Promise<void> => {
    const held = await leases.held()
    const isOurs = (seen: SeenLease): boolean => seen.trainerId === trainerId
    const isKnown = ({ runId, lease }: SeenLease): boolean =>
      ours().some((claim) => claim.runId === runId && claim.lease === lease)
    const now = performance.now()
    const others = held.filter((seen) => !isOurs(seen))
    for (const seen of dead.look(others, now)) {
      if (!(await leases.takeFromDead(seen))) continue
      onRescued?.()
      log.warn({ runId: seen.runId }, "A dead trainer's run was put back.")
    }
    const unknown = held.filter((seen) => isOurs(seen) && !isKnown(seen))
    for (const seen of mislaid.look(unknown, now)) {
      if (await leases.putBack(seen)) log.warn({ runId: seen.runId }, 'A run was claimed unheard, and put back.')
    }
  }
  return repeat({ what: 'Looking for runs of dead trainers', everyMs: LOOK_EVERY_MS, log }, async () => {
    try {
      await look()
    } catch (error) {
      dead.forget()
      mislaid.forget()
      throw error
    }
  })
}
