/** Groups of pictures that show the same: by perceptual hash, by features, or by a little of both. */
import type { Matrix, ProductSession } from '../inference/product.session.js'
import { similarityOf, type FeatureRows } from './feature-rows.js'
import { createGrouping, type Grouping } from './groups.js'
import { findClosePairs, hashWords } from './hash-pairs.js'

export interface DuplicateMember {
  readonly picture: number
  /** The cosine of its features with the most similar member's; the share of equal bits where there are no features. */
  readonly similarity: number
}

/** Rows of pictures in one order. */
export interface Pictures {
  /** As `signHash` gives them. */
  readonly hashes: readonly (bigint | null)[]
  readonly features: FeatureRows | null
}

const HASH_BITS = 64

/** By hash alone: a function of the pictures, whatever is known of them beside. @returns groups of their indices */
export async function groupByHash(hashes: readonly (bigint | null)[]): Promise<number[][]> {
  const grouping = createGrouping(hashes.length)
  await joinByHash(hashes, grouping)
  return grouping.groups()
}

/** @returns groups of two or more */
export async function findDuplicates(
  { hashes, features }: Pictures,
  product: ProductSession,
): Promise<DuplicateMember[][]> {
  const grouping = createGrouping(hashes.length)
  if (features === null) await joinByHash(hashes, grouping)
  else await joinByBoth({ hashes, features }, grouping, product)
  return grouping
    .groups()
    .map((group) => group.map((picture) => ({ picture, similarity: grouping.similarityOf(picture) })))
}

function joinByHash(hashes: readonly (bigint | null)[], grouping: Grouping): Promise<void> {
  return findClosePairs(hashes, (a, b, bits) => {
    grouping.join(a, b, 1 - bits / HASH_BITS)
  })
}

/**
 * How alike the features of different pictures are differs from dataset to dataset. Their cosines are spread as a normal
 * distribution around 0, whose width is read off its upper end: nearly all pairs are of different pictures.
 */
export interface Thresholds {
  /** Features alone tell: one in fifty million pairs of different pictures is as alike. */
  readonly alone: number
  /** Together with hashes that are not far from each other. */
  readonly withHash: number
  /** Below, equal hashes are chance. */
  readonly veto: number
}

const FAR_BITS = 16
const DEVIATIONS: Thresholds = { alone: 5.5, withHash: 4.4, veto: 2 }
/** Where there are too few pairs to tell, and bounds for what they tell. */
const DEFAULT_DEVIATION = 0.16
const LEAST_DEVIATION = 0.12
const GREATEST_DEVIATION = 0.176
/** The quantile of a normal distribution above which one in a thousand lies, in deviations. */
const [TAIL, TAIL_DEVIATIONS] = [1e-3, 3.09]
const LEAST_PAIRS = 10_000
const SAMPLED_ROWS = 512

/** @param sample products of some pictures with some others */
export function thresholdsOf(sample: Float32Array): Thresholds {
  const deviation = sample.length < LEAST_PAIRS ? DEFAULT_DEVIATION : deviationOf(sample)
  return {
    alone: DEVIATIONS.alone * deviation,
    withHash: DEVIATIONS.withHash * deviation,
    veto: DEVIATIONS.veto * deviation,
  }
}

function deviationOf(sample: Float32Array): number {
  const sorted = sample.slice().sort()
  const tail = sorted[Math.floor(sorted.length * (1 - TAIL))] as number
  return Math.min(GREATEST_DEVIATION, Math.max(LEAST_DEVIATION, tail / TAIL_DEVIATIONS))
}

async function joinByBoth(
  { hashes, features }: { hashes: Pictures['hashes']; features: FeatureRows },
  grouping: Grouping,
  product: ProductSession,
): Promise<void> {
  const { alone, withHash, veto } = thresholdsOf(await sampleProducts(features, product))
  await findClosePairs(hashes, (a, b) => {
    const similarity = similarityOf(features, a, b)
    if (similarity >= veto) grouping.join(a, b, similarity)
  })
  const words = hashWords(hashes)
  await forSimilarPairs({ features, product, least: withHash }, (a, b, similarity) => {
    if (similarity >= alone || words.distance(a, b) <= FAR_BITS) grouping.join(a, b, similarity)
  })
}

/** The rows' order says nothing about the pictures, so that the first ones are a sample. */
async function sampleProducts({ blocks }: FeatureRows, product: ProductSession): Promise<Float32Array> {
  const [first] = blocks
  if (first === undefined) return new Float32Array()
  const half = Math.min(SAMPLED_ROWS, first.rows >> 1)
  return (await product.multiply(part(first, 0, half), part(first, half, 2 * half))).data
}

function part({ data, columns }: Matrix, from: number, to: number): Matrix {
  return { data: data.subarray(from * columns, to * columns), rows: to - from, columns }
}

/** Every pair of rows whose product is `least` or more, block by block. */
async function forSimilarPairs(
  { features, product, least }: { features: FeatureRows; product: ProductSession; least: number },
  found: (a: number, b: number, similarity: number) => void,
): Promise<void> {
  const { blocks } = features
  const perBlock = blocks[0]?.rows ?? 0
  for (const [i, one] of blocks.entries()) {
    for (const [j, other] of blocks.entries()) {
      if (j < i) continue
      const { data, columns } = await product.multiply(one, other)
      for (let at = 0; at < data.length; at++) {
        const similarity = data[at] as number
        if (similarity < least) continue
        const a = i * perBlock + Math.floor(at / columns)
        const b = j * perBlock + (at % columns)
        if (a < b) found(a, b, similarity)
      }
    }
  }
}
