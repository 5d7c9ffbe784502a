/** Which of the pictures whose features are kept are most like one: every one is looked at. */
import type { BlobStore } from '../storage/blob-store.js'
import { keptRows, type RowSearch } from './kept-rows.js'

export interface NearPicture {
  readonly sha256: string
  /** The cosine of its features with the wanted ones. */
  readonly similarity: number
}

export interface Nearest {
  /** The most similar first. */
  readonly pictures: readonly NearPicture[]
  /** How many were looked at. */
  readonly compared: number
}

export interface NearestSearch extends Omit<RowSearch, 'width'> {
  readonly features: Float32Array
  readonly count: number
}

export async function findNearest(storage: BlobStore, search: NearestSearch): Promise<Nearest> {
  const { features: wanted, count } = search
  let compared = 0
  let nearest: NearPicture[] = []
  for await (const rows of keptRows(storage, { ...search, width: wanted.length })) {
    compared += rows.length
    const found = rows.map(({ sha256, features }) => ({ sha256, similarity: cosine(features, wanted) }))
    nearest = [...nearest, ...found].sort((a, b) => b.similarity - a.similarity).slice(0, count)
  }
  return { pictures: nearest, compared }
}

/** 0 where either is 0 everywhere. */
function cosine(a: Float32Array, b: Float32Array): number {
  let [product, squaresA, squaresB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number]
    product += x * y
    squaresA += x * x
    squaresB += y * y
  }
  return product === 0 ? 0 : product / Math.sqrt(squaresA * squaresB)
}
