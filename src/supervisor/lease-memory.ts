/**
 * Who has died, told without comparing clocks: a lease that stays as it is while we look at it was not renewed. Only time
 * between two looks that reached the database counts, so that neither an outage nor our own sleep makes a holder look dead.
 */
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
  let lookedAtMs: number | undefined
  return {
    look: (leases, nowMs) => {
      const countedMs = lookedAtMs === undefined ? 0 : Math.min(nowMs - lookedAtMs, MOST_COUNTED_MS)
      lookedAtMs = nowMs
      memories = new Map(leases.map((seen) => [seen.id, remember(seen, memories.get(seen.id), countedMs)]))
      return leases.filter(({ id }) => (memories.get(id)?.unchangedMs ?? 0) >= patienceMs)
    },
    forget: () => {
      memories.clear()
      lookedAtMs = undefined
    },
  }
}

function remember({ lease, renewedAt }: SeenLease, before: Memory | undefined, countedMs: number): Memory {
  const unchanged = before?.lease === lease && before.renewedAt === renewedAt.getTime()
  return { lease, renewedAt: renewedAt.getTime(), unchangedMs: unchanged ? before.unchangedMs + countedMs : 0 }
}
