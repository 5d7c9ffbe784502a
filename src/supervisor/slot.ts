/** One run at a time, on one compute child that stays warm between runs. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { EngineInfo } from '../engine/engine.type.js'
import type { Events } from '../events/events.js'
import type { RunClaim } from '../runs/run-fence.js'
import { forkCompute, type ComputeChild } from './compute-child.js'
import { HeldRun, type HeldRunRooms } from './held-run.js'
import type { RunTaker } from './run-taker.js'

export interface SlotRooms extends HeldRunRooms {
  readonly events: Events
  readonly taker: RunTaker
  /** Path of the built compute.js. */
  readonly computeEntry: string
  readonly log: Logger
}

export interface Slot {
  readonly claim: RunClaim | null
  /** Of the child that started last; null before, and where the configured engine does not start. */
  readonly engine: EngineInfo | null
  /** Why it could take no run now; null where it could, or works on one. */
  fault(): string | null
  /** Looks whether the present run is to be cancelled. */
  look(): Promise<void>
  /** Hands the present run over and ends the child. */
  stop(): Promise<void>
}

/** Jobs that wait for a time ring no bell. */
const LOOK_EVERY_MS = 1000
const FORK_AGAIN_AFTER_MS = 2000
/** Looks that fail are tried again before this. */
const SILENT_MS = 10_000

export function openSlot(rooms: SlotRooms): Slot {
  const { taker, log } = rooms
  const stopped = new AbortController()
  const { signal } = stopped
  const isStopped = (): boolean => signal.aborted
  const bell = rooms.events.bell('runs')
  let wake = (): void => undefined
  let child: ComputeChild | null = null
  let held: HeldRun | null = null
  let engine: EngineInfo | null = null
  let lookedAt = performance.now()

  const listen = async (): Promise<void> => {
    for await (const _ of bell) wake()
  }
  const rest = (): Promise<unknown> =>
    Promise.race([new Promise<void>((resolve) => (wake = resolve)), sleep(LOOK_EVERY_MS, undefined, { signal })])
  const work = async (claim: RunClaim, on: ComputeChild): Promise<void> => {
    held = new HeldRun(claim, on, rooms)
    const following = held.follow()
    if (signal.aborted) await held.handOver()
    await following
    held = null
    lookedAt = performance.now()
  }
  const turn = async (): Promise<void> => {
    if (child?.alive !== true) {
      child = await forkCompute(rooms.computeEntry, { signal, log: () => held?.log ?? log })
      ;({ engine } = child)
    }
    const claim = await taker.next(child)
    lookedAt = performance.now()
    if (claim === null) await rest()
    else await work(claim, child)
  }
  const loop = async (): Promise<void> => {
    while (!isStopped()) {
      try {
        await turn()
      } catch (error) {
        if (isStopped()) return
        log.error({ err: error }, 'No run could be taken; it is tried again.')
        await sleep(FORK_AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined)
      }
    }
  }
  const ended = Promise.all([loop(), listen()])

  return {
    get claim() {
      return held?.claim ?? null
    },
    get engine() {
      return engine
    },
    fault: () => {
      if (held !== null) return null
      if (child?.alive !== true) return 'the compute child is not started yet'
      return performance.now() - lookedAt > SILENT_MS ? 'waiting runs are not looked for' : null
    },
    look: async () => held?.renew(),
    stop: async () => {
      const present = held
      stopped.abort()
      bell.close()
      await present?.handOver()
      await ended
      await child?.kill()
    },
  }
}
