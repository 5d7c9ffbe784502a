/** How long comparing every picture with every other takes, and how much memory, on features that are drawn. */
import { randomKey, randomStream, randomWords } from '../../src/domain/random.js'
import { signHash } from '../../src/images/perceptual-hash.js'
import { createProductSession } from '../../src/inference/product.session.js'
import { findDoubts } from '../../src/inspection/doubtful-labels.js'
import { findDuplicates, groupByHash } from '../../src/inspection/duplicates.js'
import { directionsOf } from '../../src/inspection/feature-rows.js'
import { toHalf, widenHalves } from '../../src/network/half.js'
import { FEATURE_COUNT } from '../../src/network/resnet50.js'

export interface DrawnFigures {
  /** Groups by perceptual hashes alone, as a version may ask for them. */
  readonly hashSeconds: number
  /** Reading features and turning them to directions. */
  readonly readSeconds: number
  readonly duplicateSeconds: number
  readonly doubtSeconds: number
  /** The most that this process ever had, the drawn features in half precision included, as an inspection holds them. */
  readonly peakBytes: number
}

const CLASSES = 10
/** One picture in so many is a copy of the one before. */
const COPIES = 100

export async function measureDrawn(count: number): Promise<DrawnFigures> {
  const halves = drawHalves(count)
  const hashes = drawHashes(count)
  const labels = Int32Array.from({ length: count }, (_, i) => i % CLASSES)
  const product = await createProductSession()
  try {
    const [, hashSeconds] = await timed(() => groupByHash(hashes))
    const [features, readSeconds] = await timed(() => directionsOf(read, { count, columns: FEATURE_COUNT }))
    const [, duplicateSeconds] = await timed(() => findDuplicates({ hashes, features }, product))
    const [, doubtSeconds] = await timed(() => findDoubts({ rows: features, labels, classCount: CLASSES }, product))
    const peakBytes = process.resourceUsage().maxRSS * 1024
    return { hashSeconds, readSeconds, duplicateSeconds, doubtSeconds, peakBytes }
  } finally {
    await product.release()
  }

  function read(rows: Uint32Array): Promise<Float32Array> {
    const values = new Float32Array(rows.length * FEATURE_COUNT)
    rows.forEach((row, i) => {
      widenHalves(halves[row] as Uint16Array, values, i * FEATURE_COUNT)
    })
    return Promise.resolve(values)
  }
}

async function timed<Result>(action: () => Promise<Result>): Promise<[Result, seconds: number]> {
  const startedAt = performance.now()
  return [await action(), (performance.now() - startedAt) / 1000]
}

/** Sums of four draws: near enough to a normal distribution, and what is drawn matters to no time. */
function drawHalves(count: number): Uint16Array[] {
  const draw = randomStream(randomKey(0, 'drawn features'))
  const pool = toHalf(Float32Array.from({ length: 1 << 22 }, () => draw() + draw() + draw() + draw()))
  // No two rows begin at the same value, so that none is another's copy by chance.
  const apart = Math.floor((pool.length - FEATURE_COUNT) / count)
  const rows: Uint16Array[] = []
  for (let row = 0; row < count; row++) {
    const isCopy = row % COPIES === COPIES - 1
    rows.push(isCopy ? (rows[row - 1] as Uint16Array).slice() : pool.slice(row * apart, row * apart + FEATURE_COUNT))
  }
  return rows
}

function drawHashes(count: number): bigint[] {
  const words = randomWords(randomKey(0, 'drawn hashes'), 2 * count)
  return Array.from({ length: count }, (_, i) =>
    signHash((BigInt(words[2 * i] as number) << 32n) | BigInt(words[2 * i + 1] as number)),
  )
}
