/** What those who watch a run cost its trainer: processor time of a step with them and without, in turns. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { HyperparametersInput } from '../../client/documents.js'
import { withGraft, type RunningGraft } from '../graft.js'
import { quantile } from './requests.js'
import { watch } from './subscribers.js'

const TURNS = 3
/** Many small steps of a head: an epoch takes about a second. */
const BATCH_SIZE = 8
const EPOCHS = 24
const PLAN: HyperparametersInput = { imageSize: 64, batchSize: BATCH_SIZE, epochs: EPOCHS }
/** By then everybody watches, and whatever is made once is made. */
const FROM_EPOCH = 4
/** What comes after the last is evaluation. */
const TO_EPOCH = EPOCHS - 1

export interface TrainerLoad {
  /** Cells of a table. */
  readonly rows: readonly (readonly string[])[]
  /** Processor time of a step with subscribers by that without: medians. */
  readonly ratio: number
}

export async function measureTrainerLoad(images: string, count: number, signal: AbortSignal): Promise<TrainerLoad> {
  const seconds: Record<'alone' | 'watched', number[]> = { alone: [], watched: [] }
  await withGraft(images, signal, async (graft) => {
    // Its features are kept: the runs that are measured find them.
    await graft.fineTune({ ...PLAN, epochs: 1 })
    for (let turn = 0; turn < TURNS; turn++) {
      seconds.alone.push(await stepCpuSeconds(graft, 0))
      seconds.watched.push(await stepCpuSeconds(graft, count))
    }
  })
  const row = (what: string, values: readonly number[]): string[] => [
    what,
    ...[quantile(values, 0.5), Math.min(...values), Math.max(...values)].map(
      (value) => `${(value * 1e3).toFixed(1)} ms`,
    ),
  ]
  return {
    rows: [row('nobody watches', seconds.alone), row(`${String(count)} subscribers`, seconds.watched)],
    ratio: quantile(seconds.watched, 0.5) / quantile(seconds.alone, 0.5),
  }
}

/** Of one run, its share of validation and storing included. @throws Error where a subscriber missed an epoch */
async function stepCpuSeconds(graft: RunningGraft, count: number): Promise<number> {
  const url = `${graft.url.replace('http', 'ws')}/graphql`
  const taken = { from: 0, to: 0 }
  let watchers: ReturnType<typeof watch>[] = []
  await graft.fineTune(PLAN, async (runId, epoch) => {
    if (epoch === 1) watchers = Array.from({ length: count }, () => watch(url, runId))
    if (epoch === FROM_EPOCH) {
      while (watchers.some(({ received }) => received.length === 0)) await sleep(10)
      taken.from = await graft.trainerCpuSeconds()
    }
    if (epoch === TO_EPOCH) taken.to = await graft.trainerCpuSeconds()
  })
  await Promise.all(watchers.map(({ ended }) => ended))
  if (watchers.some(({ received }) => received.length !== EPOCHS)) throw new Error('A subscriber missed an epoch')
  const steps = (TO_EPOCH - FROM_EPOCH) * Math.ceil(graft.splits.train / BATCH_SIZE)
  return (taken.to - taken.from) / steps
}
