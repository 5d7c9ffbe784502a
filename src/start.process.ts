/** A process that `npm start` keeps running. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'

export interface KeptProcess {
  /** Whether its first start came to an end that it announced as ready; if not, it has said why and is gone. */
  readonly ready: Promise<boolean>
  /** Resolves when it is gone. */
  stop(): Promise<void>
}

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 30_000
/** One that ran this long has not crashed because of how it was started. */
const SETTLED_MS = 60_000
/** Each stops by itself within ten seconds. */
const KILL_AFTER_MS = 9500

export interface Program {
  readonly name: string
  /** Path; it says `ready` over its IPC channel, and stops in order when that closes. */
  readonly entry: string
  /** This process's if left out. */
  readonly env?: NodeJS.ProcessEnv
}

export function keepRunning({ name, entry, env }: Program, log: Logger): KeptProcess {
  const stopped = new AbortController()
  let child = fork(entry, env && { env })
  const ready = becameReady(child)

  const keep = async (): Promise<void> => {
    if (!(await ready)) return
    let waitMs = FIRST_WAIT_MS
    for (;;) {
      const startedAt = performance.now()
      const how = await ending(child)
      if (stopped.signal.aborted) return
      if (performance.now() - startedAt > SETTLED_MS) waitMs = FIRST_WAIT_MS
      log.error({ how, waitMs }, `The ${name} ended unexpectedly; it is started again.`)
      const waited = sleep(waitMs, true, { signal: stopped.signal }).catch(() => false)
      if (!(await waited)) return
      waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)
      child = fork(entry, env && { env })
    }
  }
  const kept = keep()

  return {
    ready,
    stop: async () => {
      stopped.abort()
      child.kill('SIGTERM')
      const killer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
      await ending(child)
      clearTimeout(killer)
      await kept
    },
  }
}

async function becameReady(child: ChildProcess): Promise<boolean> {
  const announced = new Promise<boolean>((resolve) => {
    child.on('message', (message) => {
      if (message === 'ready') resolve(true)
    })
  })
  return Promise.race([announced, ending(child).then(() => false)])
}

/** The exit code, or the signal. */
async function ending(child: ChildProcess): Promise<number | string> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.signalCode ?? child.exitCode ?? 0
}
