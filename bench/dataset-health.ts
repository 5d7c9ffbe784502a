/** `npm run bench:health`: what looking for faults of a dataset finds, and what it takes. docs/dataset-health.md says what it means. */
import { Command } from 'commander'
import { measureDrawn } from './health/drawn-features.js'
import { CHANGES, findCopies, groupsOf } from './health/planted-copies.js'
import { findPlanted } from './health/planted-labels.js'
import { createObserver, readPhotographs, type Observer, type Photograph } from './health/photographs.js'
import { markdown } from './table.js'
import { wholeNumber } from '../cli/number-argument.js'

interface Options {
  readonly images?: string
  readonly weights?: string
  readonly imageSize: number
  readonly rows: number[]
}

const options = new Command('npm run bench:health --')
  .description(
    'Plants wrong labels and copies among your pictures and counts how many are found; times drawn features.',
  )
  .option('--images <directory>', 'your pictures, a folder per class')
  .option('--weights <path>', 'a trunk, as safetensors; needed with --images')
  .option('--image-size <pixels>', 'what pictures are scaled to, a multiple of 32', wholeNumber(6), 224)
  .option(
    '--rows <counts...>',
    'how many pictures to draw features for',
    (text: string, before: number[]) => [...before, wholeNumber(6)(text)],
    [],
  )
  .parse()
  .opts<Options>()

const print = (text: string): void => void process.stdout.write(`${text}\n\n`)
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const seconds = (time: number): string => `${time.toFixed(1)} s`

interface Material {
  readonly photographs: readonly Photograph[]
  readonly classCount: number
  readonly features: Float32Array
}

const SHARES = [0.02, 0.05, 0.1]
const SEEDS = 10
/** One picture in so many gets a copy. */
const COPIED = 10

async function tellLabels({ photographs, classCount, features }: Material): Promise<string> {
  const labels = photographs.map((photograph) => photograph.label)
  const rows: string[][] = []
  for (const share of SHARES) {
    const found = []
    for (let seed = 0; seed < SEEDS; seed++)
      found.push(await findPlanted({ features, labels, classCount, share, seed }))
    const precisions = found.map(({ precision }) => precision)
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value) / values.length
    const range = `${percent(Math.min(...precisions))}-${percent(Math.max(...precisions))}`
    const recall = mean(found.map((each) => each.recall))
    rows.push([`${String(100 * share)} % planted`, percent(mean(precisions)), range, percent(recall)])
  }
  return markdown([`${String(SEEDS)} draws`, 'precision', 'least and most', 'doubted at all'], rows)
}

async function tellCopies({ photographs, features }: Material, observer: Observer): Promise<string> {
  const hashes: bigint[] = []
  for (const { bytes } of photographs) hashes.push(await observer.hashOf(bytes))
  for (const group of await groupsOf(hashes, features))
    print(`In one group without a copy: ${group.map((i) => photographs[i]?.name ?? '').join(', ')}`)
  const of = photographs.map((_, i) => i).filter((i) => i % COPIED === 0)
  const rows: string[][] = []
  for (const [name, change] of Object.entries(CHANGES)) {
    const found = await findCopies({ photographs, hashes, features }, { of, change, observer })
    const share = (count: number): string => percent(count / found.copies)
    rows.push([name, share(found.byHash), share(found.byBoth), String(found.strangeGroups)])
  }
  return markdown([`${String(of.length)} copies`, 'by hash', 'by hash and features', 'wrong groups'], rows)
}

async function tellDrawn(counts: readonly number[]): Promise<string> {
  const rows: string[][] = []
  for (const count of [...counts].sort((a, b) => a - b)) {
    const { hashSeconds, readSeconds, duplicateSeconds, doubtSeconds, peakBytes } = await measureDrawn(count)
    const times = [hashSeconds, readSeconds, duplicateSeconds, doubtSeconds].map(seconds)
    rows.push([count.toLocaleString('en'), ...times, `${String(Math.round(peakBytes / 1e6))} MB`])
  }
  return markdown(['pictures', 'hashes alone', 'reading', 'duplicates', 'doubtful labels', 'peak memory'], rows)
}

const { images, weights, imageSize, rows } = options
if (images !== undefined && weights !== undefined) {
  const observer = await createObserver(weights, imageSize)
  const { photographs, classNames } = await readPhotographs(images)
  const features = await observer.featuresOf(photographs.map((photograph) => photograph.bytes))
  const material = { photographs, features, classCount: classNames.length }
  print(await tellLabels(material))
  print(await tellCopies(material, observer))
  await observer.release()
}
if (rows.length > 0) print(await tellDrawn(rows))
