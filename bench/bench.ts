/** `npm run bench`: Graft against PyTorch scripts as people write them, on this machine. docs/benchmarks.md says what it means. */
import { availableParallelism, cpus, loadavg, setPriority } from 'node:os'
import { Command, Option } from 'commander'
import { listenForInterruption } from '../cli/interruption.js'
import { withTemporaryFolder } from '../cli/temporary-folder.js'
import { MEASUREMENTS, type Bench } from './measurements.js'
import { drawPictures } from './pictures.js'
import { tableOf, type Line } from './table.js'
import { wholeNumber } from '../cli/number-argument.js'

interface Options {
  readonly images?: string
  readonly pictures: number
  readonly imageSize: number
  readonly python?: string
  readonly full: boolean
  readonly only: (keyof typeof MEASUREMENTS)[]
}

/** The compute child's own: what competes with something else on the machine does so on equal terms. */
const NICENESS = 10
const NAMES = Object.keys(MEASUREMENTS)

function readOptions(args: readonly string[]): Options {
  return new Command('npm run bench --')
    .description('Measures Graft against PyTorch scripts as people write them, back to back.')
    .option('--images <directory>', 'your own pictures, a folder per class; otherwise they are drawn')
    .option('--pictures <count>', 'how many are drawn: two thirds to train on', wholeNumber(5), 1200)
    .option('--image-size <pixels>', 'what pictures are scaled to, a multiple of 32', wholeNumber(5), 224)
    .addOption(new Option('--python <path>', 'a Python with torch and torchvision').env('GRAFT_BENCH_PYTHON'))
    .option('--full', 'all ten epochs of the slowest peer, not one of them tenfold', false)
    .addOption(new Option('--only <names...>', 'some of the measurements').choices(NAMES).default(NAMES, 'all'))
    .parse(args, { from: 'user' })
    .opts()
}

const say = (text: string): void => void process.stderr.write(`${text}\n`)

async function measure(options: Options, bench: Omit<Bench, 'images'>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const images = options.images ?? `${folder}/pictures`
    if (options.images === undefined) await drawPictures(images, options.pictures)
    const load = loadavg()[0]?.toFixed(1) ?? 'unknown'
    say(`${cpus()[0]?.model ?? 'A processor'}, ${String(availableParallelism())} cores; load before: ${load}.`)
    if (options.python === undefined)
      say('Without a Python with torch and torchvision (--python or GRAFT_BENCH_PYTHON) only Graft is measured.')
    const lines: Line[] = []
    for (const name of options.only) {
      bench.signal.throwIfAborted()
      say(`${name} …`)
      lines.push(...(await MEASUREMENTS[name]({ ...bench, images }).catch(failed)))
    }
    process.stdout.write(`${tableOf(lines)}\n`)
  })
}

/** The other figures took long enough to be worth having. */
function failed(error: unknown): Line[] {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
  return []
}

const { signal, interrupted } = listenForInterruption(process)
try {
  setPriority(NICENESS)
  const options = readOptions(process.argv.slice(2))
  const { imageSize, python: path, full } = options
  await Promise.race([
    measure(options, { imageSize, full, signal, say, python: path === undefined ? undefined : { path, signal } }),
    interrupted,
  ])
} catch (error) {
  failed(error)
}
