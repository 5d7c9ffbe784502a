/** Streams that end when they are told to, even while they wait: an async generator's `return` would wait with them. */
import type { Bell } from '../events/events.js'
import { isOutOfReach } from './mask.js'

const DONE = { value: undefined, done: true } as const

/** Each value of a stream through a function; `return` reaches the stream at once. */
export function mapStream<From, To>(
  source: AsyncIterable<From>,
  map: (value: From) => Promise<To>,
): AsyncIterableIterator<To> {
  const iterator: AsyncIterator<From, unknown> = source[Symbol.asyncIterator]()
  return {
    async next() {
      const { value, done: ended } = await iterator.next()
      return ended === true ? DONE : { value: await map(value), done: false }
    },
    async return() {
      await iterator.return?.()
      return DONE
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** A stream that never throws: what breaks it is its last value. So is the signal's reason, which ends it at once. */
export function endingWith<Value>(
  stream: AsyncIterableIterator<Value>,
  { last, ended }: { last: (error: unknown) => Value; ended: AbortSignal | undefined },
): AsyncIterableIterator<Value> {
  let isOver = false
  const leave = (): void => void stream.return?.()
  const end = (): void => {
    isOver = true
    ended?.removeEventListener('abort', leave)
  }
  const broken = (error: unknown): IteratorResult<Value> => {
    end()
    return { value: last(error), done: false }
  }
  ended?.addEventListener('abort', leave, { once: true })
  return {
    async next() {
      if (isOver) return DONE
      try {
        const result = await stream.next()
        if (ended?.aborted === true) return broken(ended.reason)
        if (result.done === true) end()
        return result
      } catch (error) {
        return broken(error)
      }
    },
    async return() {
      end()
      await stream.return?.()
      return DONE
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** What a generator yields between rings of a bell, ended at once by `return`, which closes the bell. */
export function ringing<Value>(
  bell: Bell,
  values: (wait: () => Promise<boolean>) => AsyncGenerator<Value, void>,
): AsyncIterableIterator<Value> {
  /** Waits for the next ring; false once the stream was closed. */
  const wait = async (): Promise<boolean> => {
    if (!bell.closed) await bell.next()
    return !bell.closed
  }
  const generator = values(wait)
  return {
    async next() {
      try {
        const result = await generator.next()
        if (result.done === true) bell.close()
        else bell.delivered()
        return result
      } catch (error) {
        bell.close()
        throw error
      }
    },
    async return() {
      bell.close()
      await generator.return()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

const RETRY_MS = 500

/** Reads again and again while the database is out of reach and the stream is open: an outage ends no subscription. */
export async function persistently<Value>(read: () => Promise<Value>, bell: Bell): Promise<Value> {
  for (;;) {
    try {
      return await read()
    } catch (error) {
      if (bell.closed || !isOutOfReach(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}
