/** How long requests take while a run trains on the same cores, beside the same requests before. */
import { setTimeout as sleep } from 'node:timers/promises'
import { withGraft } from '../graft.js'
import { ask, quantile, spread } from './requests.js'

const WARM_UP = 200
const REQUESTS = 400
const EPOCHS = 20
const PAUSE_MS = 10
const LIST = {
  query: '{ trainingRuns(first: 20) { nodes { id name status latestEpoch { number validationAccuracy } } } }',
}

export interface WhileTraining {
  /** Cells of a table. */
  readonly rows: readonly (readonly string[])[]
  /** p99 while training by p99 before. */
  readonly ratio: number
  /** Of the process that computes; undefined where that cannot be seen. */
  readonly niceness: number | undefined
}

export async function measureWhileTraining(images: string, signal: AbortSignal): Promise<WhileTraining> {
  const times: Record<'idle' | 'training', number[]> = { idle: [], training: [] }
  let niceness: number | undefined
  await withGraft(images, signal, async (graft) => {
    const url = `${graft.url}/graphql`
    const request = async (): Promise<number> => {
      await sleep(PAUSE_MS)
      return (await ask(url, LIST)).milliseconds
    }
    for (let i = 0; i < WARM_UP; i++) await request()
    for (let i = 0; i < REQUESTS; i++) times.idle.push(await request())
    const state = { isTraining: true }
    const training = graft
      .fineTune({ epochs: EPOCHS }, async () => void (niceness ??= await graft.computeNiceness()))
      .finally(() => (state.isTraining = false))
    while (state.isTraining) times.training.push(await request())
    await training
  })
  const rows = [
    ['list of runs, idle', ...spread(times.idle)],
    ['list of runs, while a run prepares, trains and is evaluated', ...spread(times.training)],
  ]
  return { rows, niceness, ratio: quantile(times.training, 0.99) / quantile(times.idle, 0.99) }
}
