import type { Bell, Topic } from './events.js'

/** Told how long after its commit the news of a ring was read. */
export type OnDelivered = (topic: Topic, seconds: number) => void

/** The bells of one process, by what they hang on. */
export class Bells {
  readonly #byKey = new Map<string, Set<RingableBell>>()

  constructor(private readonly onDelivered: OnDelivered) {}

  add(topic: Topic, id: string | undefined): Bell {
    const key = id === undefined ? topic : `${topic}:${id}`
    const bell = new RingableBell({
      closed: () => this.#remove(key, bell),
      delivered: (ms) => this.onDelivered(topic, ms / 1000),
    })
    const hung = this.#byKey.get(key)
    if (hung === undefined) this.#byKey.set(key, new Set([bell]))
    else hung.add(bell)
    return bell
  }

  /**
   * @param key `topic:id`: rings the bells of that id and those of the whole topic
   * @param committedAt by performance.now(), where it is known
   */
  ring(key: string, committedAt?: number): void {
    const [topic = ''] = key.split(':', 1)
    for (const each of new Set([key, topic])) for (const bell of this.#byKey.get(each) ?? []) bell.ring(committedAt)
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
  /** When the oldest change was committed that rang since the last `next` resolved. */
  #pendingSince: number | undefined
  /** And the one that `next` told last. */
  #toldSince: number | undefined

  constructor(private readonly on: { closed: () => void; delivered: (ms: number) => void }) {}

  get closed(): boolean {
    return this.#closed
  }

  ring(committedAt?: number): void {
    this.#pendingSince ??= committedAt
    this.#rung = this.#waiting.length === 0
    for (const wake of this.#waiting.splice(0)) wake()
  }

  next(): Promise<void> {
    // What the last ring was about has been read by now, whether it was news or not.
    this.#toldSince = undefined
    if (this.#closed || this.#rung) {
      this.#rung = false
      this.#tell()
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        this.#tell()
        resolve()
      })
    })
  }

  delivered(): void {
    if (this.#toldSince === undefined) return
    this.on.delivered(Math.max(0, performance.now() - this.#toldSince))
    this.#toldSince = undefined
  }

  #tell(): void {
    this.#toldSince = this.#pendingSince
    this.#pendingSince = undefined
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.ring()
    this.on.closed()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<void> {
    for (;;) {
      await this.next()
      if (this.#closed) return
      yield
    }
  }
}
