/** Which pictures a process computes next: all that are missing, or those that it takes while others compute the rest. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FeatureRows } from './feature-rows.js'
import { shardPictures } from './feature-shard.js'

/** Pictures whose features become one shard. */
export interface Portion {
  /** Of the row that offers it; null where it was not shared out. */
  readonly id: string | null
  readonly pictures: readonly string[]
}

export interface PortionRequest {
  /** What is missing and in nobody's hands, as far as is known here: the first of it, in order. */
  readonly pictures: readonly string[]
  /** How many make a shard. */
  readonly perPortion: number
}

export interface PortionAnswer {
  /** Shards that others have stored since the last answer. Where there are some, nothing was offered or taken. */
  readonly shards: readonly string[]
  /** The caller's to compute; null where others compute all that is missing. */
  readonly portion: Portion | null
}

/** How the work is shared out among several processes. */
export type ShareOut = (request: PortionRequest) => Promise<PortionAnswer>

/** So many portions of a run wait at a time: no more trainers than that are kept busy. */
export const MOST_WAITING = 32
const LOOK_EVERY_MS = 300

/** Everything, shard by shard. */
export function* alone(missing: readonly string[], width: number): Generator<Portion> {
  const size = shardPictures(width)
  for (let at = 0; at < missing.length; at += size) yield { id: null, pictures: missing.slice(at, at + size) }
}

export interface SharedWork {
  readonly missing: readonly string[]
  readonly rows: FeatureRows
  readonly shareOut: ShareOut
  /** Finds the pictures of shards that others have stored. */
  readonly collect: (shards: readonly string[]) => Promise<void>
  readonly signal: AbortSignal
}

/** Those that are ours to compute, until all that was missing is in some shard. */
export async function* shared({ missing, rows, shareOut, collect, signal }: SharedWork): AsyncGenerator<Portion> {
  const perPortion = shardPictures(rows.width)
  const inHand = new Set<string>()
  let from = 0
  const wanted = (): string[] => {
    while (from < missing.length && !rows.wants(missing[from] as string)) from += 1
    const pictures: string[] = []
    for (let at = from; at < missing.length && pictures.length < MOST_WAITING * perPortion; at += 1) {
      const picture = missing[at] as string
      if (rows.wants(picture) && !inHand.has(picture)) pictures.push(picture)
    }
    return pictures
  }
  for (let pictures = wanted(); pictures.length > 0; pictures = wanted()) {
    const { shards, portion } = await shareOut({ pictures, perPortion })
    if (shards.length > 0) await collect(shards)
    else if (portion === null) await sleep(LOOK_EVERY_MS, undefined, { signal })
    else {
      for (const picture of portion.pictures) inHand.add(picture)
      yield portion
    }
  }
}
