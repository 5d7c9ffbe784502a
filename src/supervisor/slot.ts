/** One run at a time, on one compute child that stays warm between runs; without a run it helps those of others. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { EngineInfo } from '../engine/engine.type.js'
import type { Bell, Events } from '../events/events.js'
import type { RunClaim } from '../runs/run-fence.js'
import { forkCompute, type ComputeChild } from './compute-child.js'
import type { ClaimedPortion, PortionClaim } from './feature-portion.repository.js'
import { HeldPortion } from './held-portion.js'
import { HeldRun, type HeldRunRooms } from './held-run.js'
import type { RunTaker } from './run-taker.js'

export interface SlotRooms extends HeldRunRooms {
  readonly trainerId: string
  readonly events: Events
  readonly taker: RunTaker
  /** Path of the built compute.js. */
  readonly computeEntry: string
  readonly stallMs: number
  readonly log: Logger
}

export interface Slot {
  readonly claim: RunClaim | null
  /** Of features that its child computes. */
  readonly portions: readonly PortionClaim[]
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
  const { taker, portions, trainerId, computeEntry, stallMs, log } = rooms
  const stopped = new AbortController()
  const { signal } = stopped
  const isStopped = (): boolean => signal.aborted
  const bells = [rooms.events.bell('runs'), rooms.events.bell('portions')]
  let wake = (): void => undefined
  let child: ComputeChild | null = null
  let held: HeldRun | null = null
  let helping: HeldPortion | null = null
  let engine: EngineInfo | null = null
  let lookedAt = performance.now()

  const listen = async (bell: Bell): Promise<void> => {
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
  const help = async (portion: ClaimedPortion, on: ComputeChild): Promise<void> => {
    helping = new HeldPortion(portion, on, rooms)
    const following = helping.follow()
    if (signal.aborted) await helping.handOver()
    await following
    helping = null
    lookedAt = performance.now()
  }
  const turn = async (): Promise<void> => {
    if (child?.alive !== true) {
      child = await forkCompute({ entry: computeEntry, signal, stallMs, log: () => held?.log ?? log })
      ;({ engine } = child)
    }
    const claim = await taker.next(child)
    lookedAt = performance.now()
    if (claim !== null) return work(claim, child)
    const portion = await portions.claimNext({ trainerId, computations: child.computations })
    if (portion !== null) return help(portion, child)
    await rest()
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
  const ended = Promise.all([loop(), ...bells.map(listen)])

  return {
    get claim() {
      return held?.claim ?? null
    },
    get portions() {
      return helping === null ? (held?.portions ?? []) : [helping.claim]
    },
    get engine() {
      return engine
    },
    fault: () => {
      if (held !== null || helping !== null) return null
      if (child?.alive !== true) return 'the compute child is not started yet'
      return performance.now() - lookedAt > SILENT_MS ? 'waiting runs are not looked for' : null
    },
    look: async () => held?.renew(),
    stop: async () => {
      const present = held ?? helping
      stopped.abort()
      for (const bell of bells) bell.close()
      await present?.handOver()
      await ended
      await child?.kill()
    },
  }
}
