/** Wrong labels planted among right ones: how many of the most doubtful are those? */
import { randomKey, randomPermutation } from '../../src/domain/random.js'
import { createProductSession } from '../../src/inference/product.session.js'
import { findDoubts } from '../../src/inspection/doubtful-labels.js'
import { rowsOf } from './photographs.js'

export interface Planting {
  /** [pictures, 2048] */
  readonly features: Float32Array
  /** Taken for right. */
  readonly labels: readonly number[]
  readonly classCount: number
  /** Of the pictures, that get another label. */
  readonly share: number
  readonly seed: number
}

export interface PlantedFound {
  readonly planted: number
  /** Of as many of the most doubtful as were planted, the share that was planted. */
  readonly precision: number
  /** Of those that were planted, the share that is doubted at all. */
  readonly recall: number
  readonly doubted: number
}

export async function findPlanted({ features, labels, classCount, share, seed }: Planting): Promise<PlantedFound> {
  const order = randomPermutation(randomKey(seed, 'planted labels'), labels.length)
  const planted = new Set(order.subarray(0, Math.round(share * labels.length)))
  const given = Int32Array.from(labels, (label, i) => (planted.has(i) ? (label + 1) % classCount : label))
  const rows = await rowsOf(features)
  const product = await createProductSession()
  try {
    const doubts = await findDoubts({ rows, labels: given, classCount }, product)
    const isPlanted = ({ picture }: { picture: number }): boolean => planted.has(picture)
    return {
      planted: planted.size,
      precision: doubts.slice(0, planted.size).filter(isPlanted).length / planted.size,
      recall: doubts.filter(isPlanted).length / planted.size,
      doubted: doubts.length,
    }
  } finally {
    await product.release()
  }
}
