/** `npm run bench:api`: how quick the API is, alone, with many who watch, while a run trains, and under abuse. docs/benchmarks.md says what it means. */
import { availableParallelism, cpus, loadavg } from 'node:os'
import { Command, Option } from 'commander'
import { listenForInterruption } from '../cli/interruption.js'
import { wholeNumber } from '../cli/number-argument.js'
import { withTemporaryFolder } from '../cli/temporary-folder.js'
import { measureAbuse } from './api/abuse.js'
import { measurePaging, measureSizes } from './api/paging.js'
import { seedHistory } from './api/seeded-runs.js'
import { withStage, type StagePlan } from './api/stage.js'
import { measureSubscribers } from './api/subscribers.js'
import { measureTrainerLoad } from './api/trainer-load.js'
import { measureWhileTraining } from './api/while-training.js'
import { interruptible } from './interruptible.js'
import { drawPictures } from './pictures.js'
import { markdown } from './table.js'

interface Options {
  readonly runs: number
  readonly epochs: number
  readonly subscribers: number
  readonly pictures: number
  readonly only: (keyof typeof MEASUREMENTS)[]
}

const print = (text: string): void => void process.stdout.write(`${text}\n\n`)
const times = (ratio: number): string => `${ratio.toFixed(2)}x`

async function tellHistory({ runs, epochs }: Options): Promise<void> {
  const seed: StagePlan['seed'] = (prisma) => seedHistory(prisma, { runs, epochs })
  await withStage({ servers: [{}], seed, interrupted }, async ({ servers }) => {
    const [server] = servers
    if (server === undefined) throw new Error('There is no server')
    print(`A server is ready ${server.startSeconds.toFixed(2)} s after its start.`)
    for (const order of ['CREATED_AT_DESC', 'VALIDATION_ACCURACY_DESC']) {
      const { rows, ratio, pages } = await measurePaging(server.url, order, runs)
      print(markdown([`${String(runs)} runs of ${String(epochs)} epochs`, 'p50', 'p99', 'worst'], rows))
      print(`p99 of page ${String(pages)} by that of page 1: ${times(ratio)}`)
    }
    print(markdown(['', 'plain', 'gzip', 'br'], [['a page of 50 runs', ...(await measureSizes(server.url))]]))
  })
}

async function tellSubscribers({ subscribers }: Options): Promise<void> {
  await withStage({ servers: [{}, {}], interrupted }, async (stage) => {
    const { delays, faults, bytesEach } = await measureSubscribers(stage, subscribers)
    const memory = bytesEach === null ? '-' : `${(bytesEach / 1000).toFixed(0)} kB`
    const row = [`${String(subscribers)} on one run`, ...delays, String(faults), memory]
    print(markdown(['from commit to receipt', 'p50', 'p99', 'worst', 'missed or doubled', 'memory each'], [row]))
  })
}

async function tellTrainer({ subscribers, pictures }: Options): Promise<void> {
  await withPictures(pictures, async (images) => {
    const { rows, ratio } = await measureTrainerLoad(images, subscribers, signal)
    print(markdown(["the trainer's processor time of a step", 'median', 'least', 'most'], rows))
    print(`With subscribers by without: ${times(ratio)}`)
  })
}

async function tellTraining({ pictures }: Options): Promise<void> {
  await withPictures(pictures, async (images) => {
    const { rows, ratio, niceness } = await measureWhileTraining(images, signal)
    print(markdown(['', 'p50', 'p99', 'worst'], rows))
    print(`p99 while training (niceness ${String(niceness ?? 'unknown')}) by that before: ${times(ratio)}`)
  })
}

async function tellAbuse(): Promise<void> {
  const { cases, rounds, faults } = await measureAbuse(interrupted)
  print(markdown([`${String(cases)} cases`, 'median', 'slowest', 'memory before', 'memory after'], rounds))
  print(faults.length === 0 ? 'Each was answered as it should be, in time.' : faults.join('\n'))
}

async function withPictures(count: number, use: (images: string) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (images) => {
    await drawPictures(images, count)
    await use(images)
  })
}

const MEASUREMENTS = {
  history: tellHistory,
  subscribers: tellSubscribers,
  trainer: tellTrainer,
  training: tellTraining,
  abuse: tellAbuse,
} satisfies Record<string, (options: Options) => Promise<void>>
const NAMES = Object.keys(MEASUREMENTS)

const options = new Command('npm run bench:api --')
  .description('Measures the API of servers that are processes of their own, driven from this one.')
  .option('--runs <count>', 'in the history', wholeNumber(6), 10_000)
  .option('--epochs <count>', 'of each of them', wholeNumber(6), 100)
  .option('--subscribers <count>', 'who watch one run', wholeNumber(6), 500)
  .option('--pictures <count>', 'drawn to train on', wholeNumber(6), 600)
  .addOption(new Option('--only <names...>', 'some of the measurements').choices(NAMES).default(NAMES, 'all'))
  .parse()
  .opts<Options>()

const interruption = listenForInterruption(process)
const { signal, interrupted } = interruption
const load = loadavg()[0]?.toFixed(1) ?? 'unknown'
print(`${cpus()[0]?.model ?? 'A processor'}, ${String(availableParallelism())} cores; load before: ${load}.`)
const measuring = (async () => {
  for (const name of options.only) await MEASUREMENTS[name](options)
})()
await interruptible(measuring, interruption)
