/**
 * What a linear classifier says of each picture when it has learnt from all others: ridge regression on the classes, whose
 * leave-one-out predictions have a closed form, (ŷ - h·y) / (1 - h) with h the picture's own weight in its prediction
 * (Allen's PRESS). Out-of-fold scores with as many folds as pictures, at the price of one.
 */
import { transpose, type Matrix, type ProductSession } from '../inference/product.session.js'
import { cholesky, invertLower } from './cholesky.js'
import type { FeatureRows } from './feature-rows.js'

/** Keeps a Gram matrix of equal rows positive definite. */
const JITTER = 1e-6

export interface Labelled {
  readonly rows: FeatureRows
  readonly labels: Int32Array
  readonly classCount: number
}

/**
 * Against rows of length 1, how much a weight costs.
 * @returns [pictures, classes]: near 1 for the class that the others speak for, near 0 for the rest
 */
export type LeaveOneOut = (ridge: number) => Promise<Float64Array>

/** What does not depend on the ridge is computed once. */
export async function leaveOneOut(labelled: Labelled, product: ProductSession): Promise<LeaveOneOut> {
  const { labels, classCount } = labelled
  const rows = await shorten(labelled.rows, product)
  const size = rows.columns
  const gram = new Float64Array(size * size)
  const answers = new Float64Array(classCount * size)
  const shares = sharesOf(labels, classCount)
  await forBlocks(rows, async (block, first) => {
    const turned = transpose(block)
    add(gram, (await product.multiply(turned, turned)).data)
    const targets = transpose(targetsOf({ labels, shares }, first, block.rows))
    add(answers, (await product.multiply(targets, turned)).data)
  })
  const sums = { rows, gram, answers: asMatrix(answers, size) }
  return (ridge) => scoresOf({ labels, shares }, { ...sums, ridge }, product)
}

interface Sums {
  readonly rows: FeatureRows
  /** [size, size] */
  readonly gram: Float64Array
  /** [classes, size] */
  readonly answers: Matrix
  readonly ridge: number
}

/** With z = L⁻¹x, L·Lᵀ the Gram matrix and its ridge, a prediction is z · L⁻¹Xᵀy, and h is z · z. */
async function scoresOf(
  { labels, shares }: Targets,
  { rows, gram, answers, ridge }: Sums,
  product: ProductSession,
): Promise<Float64Array> {
  const classCount = shares.length
  const inverse = inverseFactor(gram, rows.columns, ridge)
  const solved = await product.multiply(answers, inverse)
  const scores = new Float64Array(labels.length * classCount)
  await forBlocks(rows, async (block, first) => {
    const whitened = await product.multiply(block, inverse)
    const fitted = await product.multiply(whitened, solved)
    const targets = targetsOf({ labels, shares }, first, block.rows)
    for (let row = 0; row < block.rows; row++) {
      const own = squares(whitened, row)
      for (let j = 0; j < classCount; j++) {
        const at = row * classCount + j
        const left = ((fitted.data[at] as number) - own * (targets.data[at] as number)) / (1 - own)
        scores[first * classCount + at] = left + (shares[j] as number)
      }
    }
  })
  return scores
}

/** L⁻¹ */
function inverseFactor(gram: Float64Array, size: number, ridge: number): Matrix {
  const matrix = gram.slice()
  for (let i = 0; i < size; i++) matrix[i * size + i] = (matrix[i * size + i] as number) + ridge
  return asMatrix(invertLower(cholesky(matrix, size), size), size)
}

/** With fewer pictures than features only their inner products matter: the Cholesky factor of those stands for them. */
async function shorten(rows: FeatureRows, product: ProductSession): Promise<FeatureRows> {
  const [only] = rows.blocks
  if (only === undefined || rows.blocks.length > 1 || rows.count >= rows.columns) return rows
  const gram = Float64Array.from((await product.multiply(only, only)).data)
  for (let i = 0; i < rows.count; i++) gram[i * rows.count + i] = (gram[i * rows.count + i] as number) + JITTER
  const factor = asMatrix(cholesky(gram, rows.count), rows.count)
  return { count: rows.count, columns: rows.count, blocks: [factor] }
}

async function forBlocks(rows: FeatureRows, visit: (block: Matrix, first: number) => Promise<void>): Promise<void> {
  let first = 0
  for (const block of rows.blocks) {
    await visit(block, first)
    first += block.rows
  }
}

function sharesOf(labels: Int32Array, classCount: number): Float64Array {
  const shares = new Float64Array(classCount)
  for (const label of labels) shares[label] = (shares[label] as number) + 1 / labels.length
  return shares
}

interface Targets {
  readonly labels: Int32Array
  readonly shares: Float64Array
}

/** 1 for a picture's class and 0 for the others, less the classes' shares: [rows, classes]. */
function targetsOf({ labels, shares }: Targets, first: number, rows: number): Matrix {
  const columns = shares.length
  const data = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < columns; j++) {
      data[row * columns + j] = (labels[first + row] === j ? 1 : 0) - (shares[j] as number)
    }
  }
  return { data, rows, columns }
}

function squares({ data, columns }: Matrix, row: number): number {
  let sum = 0
  for (let i = row * columns; i < (row + 1) * columns; i++) sum += (data[i] as number) ** 2
  return sum
}

function add(sums: Float64Array, values: Float32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (values[i] as number)
}

function asMatrix(values: Float64Array, columns: number): Matrix {
  return { data: Float32Array.from(values), rows: values.length / columns, columns }
}
