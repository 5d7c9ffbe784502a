/** Keeps what is dear to load: shared while in use, bounded by recent use, loaded once however many ask at a time. */

export interface Pool<Value> {
  /** Runs `work` with the value of `key`, which is loaded if it is not there; a load that fails is forgotten. */
  use<Result>(key: string, load: () => Promise<Value>, work: (value: Value) => Promise<Result>): Promise<Result>
  /** Lets go of everything, when it is no longer in use. */
  close(): Promise<void>
}

interface Slot<Value> {
  readonly value: Promise<Value>
  users: number
}

/** At most `capacity` values stay; more while more are in use at once. */
export function createPool<Value>(capacity: number, release: (value: Value) => Promise<void>): Pool<Value> {
  /** The least recently used first. */
  const slots = new Map<string, Slot<Value>>()

  const touch = (key: string, load: () => Promise<Value>): Slot<Value> => {
    const slot = slots.get(key) ?? { value: load(), users: 0 }
    slots.delete(key)
    slots.set(key, slot)
    return slot
  }

  const shrinkTo = async (size: number): Promise<void> => {
    const idle = [...slots].filter(([, slot]) => slot.users === 0)
    const surplus = idle.slice(0, Math.max(0, slots.size - size))
    for (const [key] of surplus) slots.delete(key)
    await Promise.all(surplus.map(async ([, slot]) => release(await slot.value)))
  }

  let limit = capacity
  return {
    use: async (key, load, work) => {
      const slot = touch(key, load)
      slot.users++
      try {
        const value = await slot.value.catch((error: unknown) => {
          if (slots.get(key) === slot) slots.delete(key)
          throw error
        })
        return await work(value)
      } finally {
        slot.users--
        await shrinkTo(limit)
      }
    },
    close: () => {
      limit = 0
      return shrinkTo(0)
    },
  }
}
