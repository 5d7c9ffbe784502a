/**
 * Who has died, told without comparing clocks: a lease that stays as it is while we look at it was not renewed. Only time
 * between two looks that reached the database counts, so that neither an outage nor our own sleep makes a holder look dead.
 */
import { createLookClock } from '../domain/look-clock.js'
import type { SeenLease } from '../runs/run-lease.repository.js'

/** More than this between two looks, and we were not looking. */
const MOST_COUNTED_MS = 2000

interface Memory {
  readonly lease: number
  readonly renewedAt: number
  unchangedMs: number
}

export interface LeaseMemory {
  /**
   * @param nowMs of a monotonic clock
   * @returns those that nobody renews
   */
  look(leases: readonly SeenLease[], nowMs: number): SeenLease[]
  /** The database could not be looked at: begin anew. */
  forget(): void
}

/** @param patienceMs a lease that stays unchanged for so long is given out */
export function createLeaseMemory(patienceMs: number): LeaseMemory {
  let memories = new Map<string, Memory>()
  const clock = createLookClock(MOST_COUNTED_MS)
  return {
    look: (leases, nowMs) => {
      const countedMs = clock.look(nowMs)
      memories = new Map(leases.map((seen) => [seen.id, remember(seen, memories.get(seen.id), countedMs)]))
      return leases.filter(({ id }) => (memories.get(id)?.unchangedMs ?? 0) >= patienceMs)
    },
    forget: () => {
      memories.clear()
      clock.forget()
    },
  }
}

function remember({ lease, renewedAt }: SeenLease, before: Memory | undefined, countedMs: number): Memory {
  const unchanged = before?.lease === lease && before.renewedAt === renewedAt.getTime()
  return { lease, renewedAt: renewedAt.getTime(), unchangedMs: unchanged ? before.unchangedMs + countedMs : 0 }
}
