import type { Bell, Topic } from './events.js'

/** The bells of one process, by what they hang on. */
export class Bells {
  readonly #byKey = new Map<string, Set<RingableBell>>()

  add(topic: Topic, id: string | undefined): Bell {
    const key = id === undefined ? topic : `${topic}:${id}`
    const bell = new RingableBell(() => this.#remove(key, bell))
    const hung = this.#byKey.get(key)
    if (hung === undefined) this.#byKey.set(key, new Set([bell]))
    else hung.add(bell)
    return bell
  }

  /** `topic:id`, as it is notified: rings the bells of that id and those of the whole topic. */
  ring(payload: string): void {
    const [topic = ''] = payload.split(':', 1)
    for (const key of new Set([payload, topic])) for (const bell of this.#byKey.get(key) ?? []) bell.ring()
  }

  ringAll(): void {
    for (const hung of this.#byKey.values()) for (const bell of hung) bell.ring()
  }

  closeAll(): void {
    for (const hung of [...this.#byKey.values()]) for (const bell of [...hung]) bell.close()
  }

  #remove(key: string, bell: RingableBell): void {
    const hung = this.#byKey.get(key)
    hung?.delete(bell)
    if (hung?.size === 0) this.#byKey.delete(key)
  }
}

class RingableBell implements Bell {
  #rung = false
  #waiting: (() => void)[] = []
  #closed = false
  readonly #onClose: () => void

  constructor(onClose: () => void) {
    this.#onClose = onClose
  }

  get closed(): boolean {
    return this.#closed
  }

  ring(): void {
    this.#rung = this.#waiting.length === 0
    for (const wake of this.#waiting.splice(0)) wake()
  }

  next(): Promise<void> {
    if (this.#closed || this.#rung) {
      this.#rung = false
      return Promise.resolve()
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.ring()
    this.#onClose()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<void> {
    for (;;) {
      await this.next()
      if (this.#closed) return
      yield
    }
  }
}
