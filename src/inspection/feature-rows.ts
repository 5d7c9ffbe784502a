/** Features as directions: what all pictures have in common is taken off, and every row has length 1. */
import type { Matrix } from '../inference/product.session.js'

/** Rows that are multiplied at a time: 16 MB of 2048 features. */
const BLOCK_ROWS = 2048

/** Blocks of BLOCK_ROWS rows, the last one shorter. */
export interface FeatureRows {
  readonly count: number
  readonly columns: number
  readonly blocks: readonly Matrix[]
}

/**
 * @param read rows of the features [rows, columns]
 */
export async function directionsOf(
  read: (rows: Uint32Array) => Promise<Float32Array>,
  { count, columns }: { count: number; columns: number },
): Promise<FeatureRows> {
  const blocks: Matrix[] = []
  const mean = new Float64Array(columns)
  for (let from = 0; from < count; from += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, count - from)
    const data = await read(Uint32Array.from({ length: rows }, (_, i) => from + i))
    blocks.push({ data, rows, columns })
    data.forEach((value, i) => {
      mean[i % columns] = (mean[i % columns] as number) + value / count
    })
  }
  for (const { data } of blocks) turnToDirections(data, mean)
  return { count, columns, blocks }
}

/** The first rows, as blocks of their own. */
export function firstRows({ columns, blocks }: FeatureRows, count: number): FeatureRows {
  const kept: Matrix[] = []
  for (let from = 0; from < count; from += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, count - from)
    const { data } = blocks[from / BLOCK_ROWS] as Matrix
    kept.push({ data: data.subarray(0, rows * columns), rows, columns })
  }
  return { count, columns, blocks: kept }
}

export function similarityOf({ columns, blocks }: FeatureRows, a: number, b: number): number {
  const [one, other] = [rowOf(blocks, columns, a), rowOf(blocks, columns, b)]
  let sum = 0
  for (let i = 0; i < columns; i++) sum += (one[i] as number) * (other[i] as number)
  return sum
}

function rowOf(blocks: readonly Matrix[], columns: number, row: number): Float32Array {
  const at = (row % BLOCK_ROWS) * columns
  return (blocks[Math.floor(row / BLOCK_ROWS)] as Matrix).data.subarray(at, at + columns)
}

/** In place. */
function turnToDirections(data: Float32Array, mean: Float64Array): void {
  const columns = mean.length
  for (let from = 0; from < data.length; from += columns) {
    let squares = 0
    for (let i = 0; i < columns; i++) {
      const value = (data[from + i] as number) - (mean[i] as number)
      data[from + i] = value
      squares += value * value
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
    for (let i = 0; i < columns; i++) data[from + i] = (data[from + i] as number) * scale
  }
}
