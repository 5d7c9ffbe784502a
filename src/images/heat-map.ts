/** A grid of values over a picture: enlarged, coloured from blue (0) over green to red (1), and as strong as the picture. */
import sharp from 'sharp'
import { taps } from './bilinear.upscale.js'
import type { RawImage } from './image.tensor.js'

/** Where red, green and blue are fullest, in quarters: the colours that are known as "jet". */
const FULLEST = [3, 2, 1] as const
const STRENGTH = 0.5

/**
 * @param picture a square in three colours
 * @param values [side, side], 0 to 1, row by row
 * @returns PNG
 */
export function drawHeatMap(picture: RawImage, values: Float32Array): Promise<Buffer> {
  const { width, height, data } = picture
  const enlarged = enlarge(values, width)
  const pixels = Uint8Array.from(data, (byte, i) => {
    const heat = 255 * colourOf(enlarged[Math.floor(i / 3)] as number, FULLEST[i % 3] as number)
    return Math.round((1 - STRENGTH) * byte + STRENGTH * heat)
  })
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

/** Bilinear, pixels' middles on each other: PyTorch's interpolate without align_corners. @returns [size, size] */
export function enlarge(values: Float32Array, size: number): Float32Array {
  const side = Math.sqrt(values.length)
  const places = taps({ from: side, to: size, offset: 0, count: size })
  const between = (a: number, b: number, weight: number): number => a + (b - a) * weight
  const enlarged = new Float32Array(size * size)
  let at = 0
  for (const row of places) {
    for (const column of places) {
      const of = (y: number): number =>
        between(values[y * side + column.first] as number, values[y * side + column.second] as number, column.weight)
      enlarged[at++] = between(of(row.first), of(row.second), row.weight)
    }
  }
  return enlarged
}

function colourOf(value: number, fullest: number): number {
  return Math.min(1, Math.max(0, 1.5 - Math.abs(4 * value - fullest)))
}
