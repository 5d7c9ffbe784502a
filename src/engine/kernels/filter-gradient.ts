import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine.type.js'

/** As TensorFlow's Conv2DBackpropFilter has them. */
export interface FilterWindow {
  readonly filterShape: [height: number, width: number, channels: number, outputs: number]
  readonly strides: [number, number]
  readonly pad: 'valid' | 'same'
}

/**
 * A convolution's filter gradient, of matrix products: an entry of the filter is the product of the inputs that it saw with
 * the slopes at its outputs. WebGPU's own kernel gives each entry to one thread, which adds up over all pictures: it took
 * most of a step of the whole network, and rounds more.
 *
 * A row of the filter at a time, so that `x` is not laid out more often than the filter is wide.
 */
export function filterGradient(
  tf: Tf,
  { x, dy }: { x: Tensor4D; dy: Tensor4D },
  { filterShape, strides, pad }: FilterWindow,
): Tensor4D {
  const [height, width, channels, outputs] = filterShape
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad)
  const { top, bottom, left, right } = info.padInfo
  const [batch, rows, columns] = dy.shape
  const positions = batch * rows * columns
  const parts = partsOf(positions, tilesOf(width * channels) * tilesOf(outputs))
  const around: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]
  const padded = tf.pad(x, around)
  const slopes = tf.reshape(dy, [parts, positions / parts, outputs])
  const seenBy = (row: number, column: number): Tensor4D => {
    const [down, along] = strides
    const end = [batch, row + down * (rows - 1) + 1, column + along * (columns - 1) + 1, channels]
    return tf.stridedSlice(padded, [0, row, column, 0], end, [1, down, along, 1]) as Tensor4D
  }
  const products = Array.from({ length: height }, (_, row) => {
    const seen = tf.concat(
      Array.from({ length: width }, (_, column) => seenBy(row, column)),
      3,
    )
    const product = tf.matMul(tf.reshape(seen, [parts, positions / parts, width * channels]), slopes, true, false)
    return parts === 1 ? tf.squeeze(product, [0]) : tf.sum(product, 0)
  })
  return tf.reshape(tf.concat(products, 0), filterShape)
}

/** Of a side of a product's tiles, each of which a workgroup computes. */
const TILE = 32
/** Workgroups with which a large GPU has enough to do. */
const ENOUGH_TILES = 512
/** Positions that are added up in one go at least. */
const LEAST_POSITIONS = 128

function tilesOf(length: number): number {
  return Math.ceil(length / TILE)
}

/** Into how many parts the sum over positions is split, so that a small filter's product is not left to a few workgroups. */
function partsOf(positions: number, tiles: number): number {
  let parts = 1
  while (parts * tiles < ENOUGH_TILES && positions % (2 * parts) === 0 && positions / (2 * parts) >= LEAST_POSITIONS) {
    parts *= 2
  }
  return parts
}
