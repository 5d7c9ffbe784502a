import { widenHalves } from '../network/half.js'
import { elementCount } from '../network/weights.js'
import type { PictureSource } from './training.type.js'

export interface PicturesInMemory {
  /** [pictures, ...shape] in half precision. */
  readonly values: Uint16Array
  /** Indices into the class names, one for each picture. */
  readonly labels: Int32Array
  /** Of one picture at the cut: [2048], or [height, width, channels]. */
  readonly shape: readonly number[]
}

/** Pictures that lie in memory as they are kept on disk. */
export function sourceInMemory({ values, labels, shape }: PicturesInMemory): PictureSource {
  const width = elementCount(shape)
  return {
    count: labels.length,
    labels,
    shape,
    read: (rows) => {
      const singles = new Float32Array(rows.length * width)
      for (const [i, row] of rows.entries())
        widenHalves(values.subarray(row * width, (row + 1) * width), singles, i * width)
      return Promise.resolve(singles)
    },
  }
}
