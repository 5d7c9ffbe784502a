/** How many live connections (WebSockets and event streams) each token holds: bounded, whatever their transport. */
import type { Caller } from './caller.js'
import { rateLimited } from './errors.js'

/** When it is worth trying again: connections end when a page is closed, and nobody can say when that is. */
const RETRY_AFTER_SECONDS = 10

export class LiveConnections {
  readonly #open = new Map<string, number>()

  constructor(private readonly limit: number) {}

  /** Counts one more until the function that it gives is called; throws RATE_LIMITED where there are too many. */
  open({ name }: Caller): () => void {
    const count = this.#open.get(name) ?? 0
    if (count >= this.limit) {
      throw rateLimited(
        `The token "${name}" holds ${String(count)} live connections: close some first.`,
        RETRY_AFTER_SECONDS,
      )
    }
    this.#open.set(name, count + 1)
    let isOpen = true
    return () => {
      if (isOpen) this.#close(name)
      isOpen = false
    }
  }

  #close(name: string): void {
    const left = (this.#open.get(name) ?? 1) - 1
    if (left === 0) this.#open.delete(name)
    else this.#open.set(name, left)
  }
}
