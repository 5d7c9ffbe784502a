/** The same of each in turns, so that all of them meet the same machine. */
import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from '../api/requests.js'
import { callAtOnce, type Throughput } from './callers.js'

export interface Contestant {
  /** Classifies one picture. */
  one(): Promise<void>
  /** Classifies what CALLERS ask for at the same time, for so long. */
  many(seconds: number): Promise<Throughput>
}

export interface Plan {
  readonly rounds: number
  /** One at a time, in each round. */
  readonly requests: number
  /** Of many at once, in each round. */
  readonly seconds: number
  readonly signal: AbortSignal
}

export interface Figures {
  /** Milliseconds of one at a time, the median of all. */
  readonly p50: number
  /** Pictures, the median of the rounds. */
  readonly perSecond: number
  /** Milliseconds of one of many, the median of all. */
  readonly p50OfMany: number
}

export const CALLERS = 16
const WARM_UP = 5
/** Threads of the one before spin no longer. */
const REST_MS = 500

/** Through HTTP, each caller waits for its answer. */
export function served(one: () => Promise<void>): Contestant {
  return { one, many: (seconds) => callAtOnce(CALLERS, seconds, one) }
}

/** By hand: as many at a time as there would be callers. */
export function batchedByHand(classify: (pictures: readonly Buffer[]) => Promise<void>, picture: Buffer): Contestant {
  const batch = Array.from({ length: CALLERS }, () => picture)
  return {
    one: () => classify([picture]),
    many: async (seconds) => {
      const { perSecond, taken } = await callAtOnce(1, seconds, () => classify(batch))
      return { perSecond: perSecond * CALLERS, taken }
    },
  }
}

export async function compete<Name extends string>(
  contestants: Readonly<Record<Name, Contestant>>,
  { rounds, requests, seconds, signal }: Plan,
): Promise<Record<Name, Figures>> {
  const names = Object.keys(contestants) as Name[]
  const measured = names.map((name) => ({ name, one: [] as number[], many: [] as Throughput[] }))
  for (const { name } of measured) for (let i = 0; i < WARM_UP; i++) await contestants[name].one()
  for (let round = 0; round < rounds; round++) {
    for (const { name, one } of measured) {
      await sleep(REST_MS)
      for (let i = 0; i < requests; i++) {
        signal.throwIfAborted()
        const askedAt = performance.now()
        await contestants[name].one()
        one.push(performance.now() - askedAt)
      }
    }
    for (const { name, many } of measured) {
      await sleep(REST_MS)
      signal.throwIfAborted()
      many.push(await contestants[name].many(seconds))
    }
  }
  return Object.fromEntries(measured.map(({ name, one, many }) => [name, figuresOf(one, many)])) as Record<
    Name,
    Figures
  >
}

function figuresOf(one: readonly number[], many: readonly Throughput[]): Figures {
  const median = (values: readonly number[]): number => quantile(values, 0.5)
  const perSecond = median(many.map((round) => round.perSecond))
  return { p50: median(one), perSecond, p50OfMany: median(many.flatMap(({ taken }) => taken)) }
}
