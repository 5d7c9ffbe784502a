/** `npm run bench:api`: how quick the API is, alone, with many who watch, and while a run trains. docs/benchmarks.md says what it means. */
import { availableParallelism, cpus, loadavg } from 'node:os'
import { Command } from 'commander'
import { listenForInterruption } from '../cli/interruption.js'
import { withTemporaryFolder } from '../cli/temporary-folder.js'
import { measurePaging, measureSizes } from './api/paging.js'
import { seedHistory } from './api/seeded-runs.js'
import { withStage, type Stage } from './api/stage.js'
import { measureSubscribers } from './api/subscribers.js'
import { measureWhileTraining } from './api/while-training.js'
import { drawPictures } from './pictures.js'
import { markdown } from './table.js'
import { wholeNumber } from '../cli/number-argument.js'

interface Options {
  readonly runs: number
  readonly epochs: number
  readonly subscribers: number
  readonly pictures: number
}

const { runs, epochs, subscribers, pictures } = new Command('npm run bench:api --')
  .description('Measures the API of servers that are processes of their own, driven from this one.')
  .option('--runs <count>', 'in the history', wholeNumber(6), 10_000)
  .option('--epochs <count>', 'of each of them', wholeNumber(6), 100)
  .option('--subscribers <count>', 'who watch one run, on two servers; 0 for none', wholeNumber(6), 500)
  .option('--pictures <count>', 'drawn to train on while requests are timed; 0 for no training', wholeNumber(6), 600)
  .parse()
  .opts<Options>()

const print = (text: string): void => void process.stdout.write(`${text}\n\n`)
const times = (ratio: number): string => `${ratio.toFixed(2)}x`

async function tellHistory({ servers: [server] }: Stage): Promise<void> {
  if (server === undefined) throw new Error('There is no server')
  print(`A server is ready ${server.startSeconds.toFixed(2)} s after its start.`)
  for (const order of ['CREATED_AT_DESC', 'VALIDATION_ACCURACY_DESC']) {
    const { rows, ratio, pages } = await measurePaging(server.url, order, runs)
    print(markdown([`${String(runs)} runs of ${String(epochs)} epochs`, 'p50', 'p99', 'worst'], rows))
    print(`p99 of page ${String(pages)} by that of page 1: ${times(ratio)}`)
  }
  print(markdown(['', 'plain', 'gzip', 'br'], [['a page of 50 runs', ...(await measureSizes(server.url))]]))
}

async function tellSubscribers(stage: Stage): Promise<void> {
  const { delays, faults, bytesEach } = await measureSubscribers(stage, subscribers)
  const memory = bytesEach === null ? '-' : `${(bytesEach / 1000).toFixed(0)} kB`
  const row = [`${String(subscribers)} on one run`, ...delays, String(faults), memory]
  print(markdown(['from commit to receipt', 'p50', 'p99', 'worst', 'missed or doubled', 'memory each'], [row]))
}

async function tellTraining(signal: AbortSignal): Promise<void> {
  await withTemporaryFolder(async (images) => {
    await drawPictures(images, pictures)
    const { rows, ratio } = await measureWhileTraining(images, signal)
    print(markdown(['', 'p50', 'p99', 'worst'], rows))
    print(`p99 while training by that before: ${times(ratio)}`)
  })
}

const { signal, interrupted } = listenForInterruption(process)
const load = loadavg()[0]?.toFixed(1) ?? 'unknown'
print(`${cpus()[0]?.model ?? 'A processor'}, ${String(availableParallelism())} cores; load before: ${load}.`)
const measuring = withStage(
  (prisma) => seedHistory(prisma, { runs, epochs }),
  async (stage) => {
    await tellHistory(stage)
    if (subscribers > 0) await tellSubscribers(stage)
  },
).then(() => (pictures > 0 ? tellTraining(signal) : undefined))
await Promise.race([measuring, interrupted])
