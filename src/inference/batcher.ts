/** Gathers what comes while something else is being done, and does it together. */
import { setImmediate } from 'node:timers/promises'
import type { Limiter } from './limiter.js'

export interface Batcher<Item, Result> {
  add(item: Item): Promise<Result>
}

export interface BatcherOptions<Item, Result> {
  /** Items at a time. */
  readonly most: number
  /** Whose turn it is. */
  readonly limit: Limiter
  /** Waits for what is about to come; by default for what comes in the same turn of the event loop. */
  readonly gather?: () => Promise<void>
  /** @returns a result for each item, in order; a rejection is that of each of them */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>
}

interface Waiting<Item, Result> {
  readonly item: Item
  resolve(result: Result): void
  reject(reason: unknown): void
}

/** In the order in which they come. */
export function createBatcher<Item, Result>(options: BatcherOptions<Item, Result>): Batcher<Item, Result> {
  const { most, limit, gather = () => setImmediate(), run } = options
  const waiting: Waiting<Item, Result>[] = []
  let isDue = false

  const takeTurn = async (): Promise<void> => {
    await gather()
    const batch = waiting.splice(0, most)
    isDue = false
    if (waiting.length > 0) becomeDue()
    try {
      const results = await run(batch.map((each) => each.item))
      for (const [i, each] of batch.entries()) each.resolve(results[i] as Result)
    } catch (error) {
      for (const each of batch) each.reject(error)
    }
  }
  const becomeDue = (): void => {
    if (isDue) return
    isDue = true
    void limit(takeTurn)
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        becomeDue()
      }),
  }
}
