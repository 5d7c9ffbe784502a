/** `npm run bench:studio`: how the studio bears a long history and a large dataset. docs/benchmarks.md says what it means. */
import { join } from 'node:path'
import { Command } from 'commander'
import { type Browser, chromium } from 'playwright-core'
import { listenForInterruption } from '../cli/interruption.js'
import { wholeNumber } from '../cli/number-argument.js'
import { globalId } from '../src/graphql/ids.js'
import { seedHistory } from './api/seeded-runs.js'
import { withStage, type Stage } from './api/stage.js'
import { interruptible } from './interruptible.js'
import { seedPictures } from './studio/seeded-pictures.js'
import { type Place, visit } from './studio/visits.js'
import { markdown } from './table.js'

interface Options {
  readonly runs: number
  readonly epochs: number
  readonly pictures: number
  readonly scroll: number
  readonly chromium: string
}

const {
  runs,
  epochs,
  pictures,
  scroll,
  chromium: executablePath,
} = new Command('npm run bench:studio --')
  .description('Measures the studio in a real Chromium.')
  .option('--runs <count>', 'in the history', wholeNumber(6), 10_000)
  .option('--epochs <count>', 'of each of them', wholeNumber(6), 20)
  .option('--pictures <count>', 'in the dataset', wholeNumber(6), 25_000)
  .option('--scroll <items>', 'how far down', wholeNumber(6), 2_000)
  .option('--chromium <path>', 'which', '/usr/bin/chromium')
  .parse()
  .opts<Options>()

async function placesOf({ prisma, servers: [server] }: Stage): Promise<Record<string, Place>> {
  if (server === undefined) throw new Error('There is no server')
  const { id } = await prisma.dataset.findUniqueOrThrow({ where: { name: 'many pictures' } })
  const dataset = `/datasets/${globalId('Dataset', id)}?view=pictures`
  const at = (path: string): string => new URL(path, server.url).href
  return {
    [`${String(runs)} runs`]: { url: at('/runs'), list: '.runs', item: '.runs__row' },
    [`${String(pictures)} pictures`]: { url: at(dataset), list: '.pictures', item: '.pictures__cell' },
  }
}

async function tell(browser: Browser, stage: Stage): Promise<void> {
  const rows: string[][] = []
  for (const [what, place] of Object.entries(await placesOf(stage))) {
    const { firstRowMs, firstLoadBytes, scrolled } = await visit(browser, place, scroll)
    rows.push([
      ...[what, ms(firstRowMs.cold), ms(firstRowMs.warm), kilobytes(firstLoadBytes)],
      ...[`${String(scrolled.items)} in ${scrolled.seconds.toFixed(1)} s`, String(scrolled.requests)],
      ...[ms(scrolled.blockedMs[0] ?? 0), String(scrolled.elements), kilobytes(scrolled.heapBytes)],
    ])
  }
  const heading = ['', 'first row, cold', 'warm', 'loaded', 'scrolled', 'requests', 'longest block', 'elements']
  process.stdout.write(`${markdown([...heading, 'heap'], rows)}\n`)
}

const ms = (value: number): string => `${value.toFixed(0)} ms`
const kilobytes = (value: number): string => `${(value / 1000).toFixed(0)} kB`

const interruption = listenForInterruption(process)
const measuring = withStage(
  {
    servers: [{}],
    interrupted: interruption.interrupted,
    seed: async (prisma, folder) => {
      await seedHistory(prisma, { runs, epochs })
      await seedPictures(prisma, join(folder, 'blobs'), pictures)
    },
  },
  async (stage) => {
    const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] })
    await tell(browser, stage).finally(() => browser.close())
  },
)
await interruptible(measuring, interruption)
