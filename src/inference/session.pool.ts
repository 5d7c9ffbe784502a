/** Keeps what is dear to load: shared while in use, bounded by recent use, loaded once however many ask at a time. */

export interface Pooled {
  /** What it takes of the pool's budget. */
  readonly bytes: number
  /** Of what may end by itself: it leaves the pool, and whoever comes next loads another. */
  readonly ended?: Promise<void>
  release(): Promise<void>
}

export interface Pool {
  /**
   * Runs `work` with the value of `key`, which is loaded if it is not there; a load that fails is forgotten. One key is
   * always of one kind of value.
   */
  use<Value extends Pooled, Result>(
    key: string,
    load: () => Promise<Value>,
    work: (value: Value) => Promise<Result>,
  ): Promise<Result>
  /** Lets go of everything, when it is no longer in use. */
  close(): Promise<void>
}

interface Slot {
  readonly value: Promise<Pooled>
  /** Null until it is loaded. */
  bytes: number | null
  users: number
}

/** What is not in use leaves, the least recently used first, until the rest is within `budgetBytes`. */
export function createPool(budgetBytes: number): Pool {
  /** The least recently used first. */
  const slots = new Map<string, Slot>()

  const forget = (key: string, slot: Slot): void => {
    if (slots.get(key) === slot) slots.delete(key)
  }

  const open = (key: string, load: () => Promise<Pooled>): Slot => {
    const slot: Slot = { value: load(), bytes: null, users: 0 }
    void slot.value.then(
      ({ ended }) => ended?.then(() => forget(key, slot)),
      () => forget(key, slot),
    )
    return slot
  }

  const touch = (key: string, load: () => Promise<Pooled>): Slot => {
    const slot = slots.get(key) ?? open(key, load)
    slots.delete(key)
    slots.set(key, slot)
    return slot
  }

  const shrinkTo = async (budget: number): Promise<void> => {
    let held = [...slots.values()].reduce((sum, slot) => sum + (slot.bytes ?? 0), 0)
    const surplus = [...slots].filter(([, slot]) => {
      if (slot.users > 0 || held <= budget) return false
      held -= slot.bytes ?? 0
      return true
    })
    for (const [key] of surplus) slots.delete(key)
    await Promise.all(surplus.map(async ([, slot]) => (await slot.value).release()))
  }

  let limit = budgetBytes
  return {
    use: async <Value extends Pooled, Result>(
      key: string,
      load: () => Promise<Value>,
      work: (value: Value) => Promise<Result>,
    ) => {
      const slot = touch(key, load)
      slot.users++
      try {
        const value = (await slot.value) as Value
        slot.bytes = value.bytes
        return await work(value)
      } finally {
        slot.users--
        await shrinkTo(limit)
      }
    },
    close: () => {
      limit = -1
      return shrinkTo(limit)
    },
  }
}
