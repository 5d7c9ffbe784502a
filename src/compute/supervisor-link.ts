/** The compute child's end of the pipe to its supervisor. */
import type { FromCompute, ToCompute } from './messages.js'

export interface SupervisorLink {
  say(message: FromCompute): void
  /** That the child is at work, for wherever nothing else is said: cheap enough for every batch. */
  work(): void
  /** Sends and waits for the answer of that type; rejects if `signal` is aborted first. */
  ask<Type extends 'shards' | 'portion' | 'stored' | 'calibration'>(
    message: FromCompute,
    answer: Type,
    signal: AbortSignal,
  ): Promise<Extract<ToCompute, { type: Type }>>
  /** Calls the listener for each message that is not an answer. */
  listen(listener: (message: ToCompute) => void): void
}

const WORK_EVERY_MS = 1000

/** @param channel the forked process itself, or what behaves like it */
export function createSupervisorLink(channel: Pick<NodeJS.Process, 'send' | 'on' | 'off'>): SupervisorLink {
  const say = (message: FromCompute): void => {
    // A supervisor that is gone is noticed by the disconnection.
    channel.send?.(message, undefined, undefined, () => undefined)
  }
  let workedAt = -Infinity
  return {
    say,
    work: () => {
      const now = performance.now()
      if (now - workedAt < WORK_EVERY_MS) return
      workedAt = now
      say({ type: 'working', silenceMs: 0 })
    },
    ask: <Type extends 'shards' | 'portion' | 'stored' | 'calibration'>(
      message: FromCompute,
      answer: Type,
      signal: AbortSignal,
    ) =>
      new Promise<Extract<ToCompute, { type: Type }>>((resolve, reject) => {
        const onMessage = (received: unknown): void => {
          const reply = received as ToCompute
          if (reply.type !== answer) return
          settle()
          resolve(reply as Extract<ToCompute, { type: Type }>)
        }
        const onAbort = (): void => {
          settle()
          reject(signal.reason as Error)
        }
        const settle = (): void => {
          channel.off('message', onMessage)
          signal.removeEventListener('abort', onAbort)
        }
        signal.throwIfAborted()
        channel.on('message', onMessage)
        signal.addEventListener('abort', onAbort)
        say(message)
      }),
    listen: (listener) => {
      channel.on('message', (received) => listener(received as ToCompute))
    },
  }
}
