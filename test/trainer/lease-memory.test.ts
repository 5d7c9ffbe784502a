import { describe, expect, it } from 'vitest'
import { createLeaseMemory } from '../../src/supervisor/lease-memory.js'

const seen = (lease: number, renewedAt: number) => ({
  id: 'a',
  trainerId: 'b',
  lease,
  renewedAt: new Date(renewedAt),
})

/** Looks once a second at a lease that stays as it is, and tells at which second it counted as dead. */
function secondsToDeath(memory = createLeaseMemory(8000), from = 0): number {
  for (let second = 0; second < 60; second++) {
    if (memory.look([seen(1, 0)], 1000 * (from + second)).length > 0) return second
  }
  return Infinity
}

describe('a lease memory', () => {
  it('takes a holder for dead that has not renewed for eight seconds', () => {
    expect(secondsToDeath()).toBe(8)
  })

  it('never takes one for dead that renews every two seconds, whatever the clocks say', () => {
    const memory = createLeaseMemory(8000)
    for (let second = 0; second < 100; second++) {
      const renewedAt = 1e12 - 1000 * Math.floor(second / 2)
      expect(memory.look([seen(1, renewedAt)], 1000 * second)).toEqual([])
    }
  })

  it('begins anew when the lease has passed to somebody else', () => {
    const memory = createLeaseMemory(8000)
    for (let second = 0; second < 8; second++) memory.look([seen(1, 0)], 1000 * second)
    expect(memory.look([seen(2, 0)], 8000)).toEqual([])
  })

  it('begins anew after an outage of the database', () => {
    const memory = createLeaseMemory(8000)
    for (let second = 0; second < 8; second++) memory.look([seen(1, 0)], 1000 * second)
    memory.forget()
    expect(secondsToDeath(memory, 100)).toBe(8)
  })

  it('does not count the time in which it did not look', () => {
    const memory = createLeaseMemory(8000)
    memory.look([seen(1, 0)], 0)
    expect(memory.look([seen(1, 0)], 3_600_000)).toEqual([])
  })
})
