/** What a resolver is handed with each request: who asks, and loaders that live as long as one answer. */
import DataLoader from 'dataloader'
import type { Caller } from './caller.js'

/** A batch function: ids in, as many values in the same order out. Its identity names the loader, so make it once. */
export type Batch<Key, Value> = (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>

export class Loaders {
  readonly #made = new Map<unknown, unknown>()

  /** The request's one loader over this batch function. */
  of<Key, Value>(batch: Batch<Key, Value>): DataLoader<Key, Value> {
    const known = this.#made.get(batch) as DataLoader<Key, Value> | undefined
    if (known !== undefined) return known
    const made = new DataLoader<Key, Value>((keys) => batch(keys), { maxBatchSize: 1000 })
    this.#made.set(batch, made)
    return made
  }
}

export interface GraphContext {
  readonly caller: Caller
  readonly loaders: Loaders
}

export function contextFor(caller: Caller): GraphContext {
  return { caller, loaders: new Loaders() }
}
