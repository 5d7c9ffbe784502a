/** Every supervisor watches the runs of the others: whoever sees first that a holder is dead puts its run back. */
import type { Logger } from 'pino'
import type { RunClaim } from '../runs/run-fence.js'
import type { RunLeaseRepository } from '../runs/run-lease.repository.js'
import { createLeaseMemory } from './lease-memory.js'
import { repeat, type Repetition } from './repeat.js'

const LOOK_EVERY_MS = 1000

export interface OrphanWatch {
  readonly leases: RunLeaseRepository
  /** What this supervisor holds and renews itself. */
  readonly ours: () => readonly RunClaim[]
  readonly log: Logger
}

export function watchOrphans({ leases, ours, log }: OrphanWatch): Repetition {
  const memory = createLeaseMemory()
  return repeat({ what: 'Looking for runs of dead trainers', everyMs: LOOK_EVERY_MS, log }, async () => {
    try {
      const held = await leases.heldByOthers(ours())
      for (const seen of memory.look(held, performance.now())) {
        if (await leases.takeFromDead(seen)) log.warn({ runId: seen.runId }, "A dead trainer's run was put back.")
      }
    } catch (error) {
      memory.forget()
      throw error
    }
  })
}
