/** Looks for the configured weights before a run needs them: better said when a trainer starts than by a run that fails. */
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config/config.js'
import { unreachableBecause, unreadableBecause } from '../weights/reach.js'
import { repeat, type Repetition } from './repeat.js'

export interface WeightsWatch extends Repetition {
  /** Why the weights are not at hand; null where they are, and until the first look. */
  readonly fault: string | null
}

interface Rooms {
  readonly config: Pick<Config, 'trunkWeights' | 'dataDir'>
  readonly log: Logger
}

const LOOK_EVERY_MS = 60_000

/** At once, and again until they are there; nothing waits for it. */
export function watchWeights({ config, log }: Rooms): WeightsWatch {
  let fault: string | null = null
  let areThere = false
  const repetition = repeat({ what: 'Looking for the weights', everyMs: LOOK_EVERY_MS, log }, async (signal) => {
    if (areThere) return
    const found = await faultOf(config, signal)
    if (signal.aborted) return
    if (found !== null && fault === null) log.warn({ reason: found }, NOT_AT_HAND)
    if (found === null && fault !== null) log.info('The weights are at hand now.')
    fault = found
    areThere = found === null
  })
  return {
    get fault() {
      return fault
    },
    stop: () => repetition.stop(),
  }
}

const NOT_AT_HAND =
  'The weights are not at hand: the next run would fail. Make them reachable, or set GRAFT_TRUNK_WEIGHTS to a file that ' +
  'this trainer can read.'

async function faultOf({ trunkWeights, dataDir }: Rooms['config'], signal: AbortSignal): Promise<string | null> {
  if (trunkWeights.kind === 'random') return null
  if (trunkWeights.kind === 'file') return unreadableBecause(trunkWeights.path)
  return unreachableBecause({ url: trunkWeights.url, directory: join(dataDir, 'weights'), signal })
}
