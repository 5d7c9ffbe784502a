/**
 * A perceptual hash (pHash): the signs of the 64 lowest frequencies of a picture's brightness. Pictures that were scaled,
 * compressed again or lit otherwise differ in few bits, others in about half of them.
 */
import type { RawImage } from './image.tensor.js'

/** Pixels of the square that a picture is squeezed to. */
export const HASH_SIDE = 32

/** Of a picture without any structure, which nothing can be told by. */
export const FLAT_HASH = 0n

/** A picture whose low frequencies together have less than this many of 255 levels is flat. */
const LEAST_LEVELS = 1
const LUMINANCE = [0.299, 0.587, 0.114] as const
const FREQUENCIES = 8
const BITS = 64n

/** Vertical and horizontal frequency of each bit, from the highest: 8 x 8 without the mean, and one more. */
const PLACES = [...Array.from({ length: 63 }, (_, i) => [(i + 1) >> 3, (i + 1) & 7] as const), [8, 0] as const]

/** The bits that change sign when left and right are exchanged: those of odd horizontal frequencies. */
const MIRRORING = PLACES.reduce((mask, [, across]) => (mask << 1n) | BigInt(across & 1), 0n)

/** The cosines of the discrete cosine transform: [frequency, pixel], orthonormal. */
const COSINES = Array.from({ length: FREQUENCIES + 1 }, (_, frequency) =>
  Float64Array.from({ length: HASH_SIDE }, (_, pixel) => {
    const scale = Math.sqrt((frequency === 0 ? 1 : 2) / HASH_SIDE)
    return scale * Math.cos((Math.PI * (2 * pixel + 1) * frequency) / (2 * HASH_SIDE))
  }),
)

/** @param image HASH_SIDE square */
export function perceptualHash(image: RawImage): bigint {
  const brightness = brightnessOf(image)
  const rows = COSINES.map((down) => alongColumns(brightness, down))
  const values = PLACES.map(([down, across]) => dot(rows[down] as Float64Array, COSINES[across] as Float64Array))
  const levels = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) / HASH_SIDE
  if (levels < LEAST_LEVELS) return FLAT_HASH
  return values.reduce((hash, value) => (hash << 1n) | (value > 0 ? 1n : 0n), 0n)
}

/** The hash of the same picture with left and right exchanged. */
export function mirrorHash(hash: bigint): bigint {
  return hash ^ MIRRORING
}

/** As a column of 64 bits with a sign keeps it, and back. */
export function signHash(hash: bigint): bigint {
  return BigInt.asIntN(Number(BITS), hash)
}
export function unsignHash(stored: bigint): bigint {
  return BigInt.asUintN(Number(BITS), stored)
}

function brightnessOf({ data, channels }: RawImage): Float64Array {
  const brightness = new Float64Array(HASH_SIDE ** 2)
  for (let pixel = 0, at = 0; pixel < brightness.length; pixel++, at += channels) {
    const [red, green, blue] = [data[at] as number, data[at + 1] as number, data[at + 2] as number]
    brightness[pixel] = channels < 3 ? red : LUMINANCE[0] * red + LUMINANCE[1] * green + LUMINANCE[2] * blue
  }
  return brightness
}

function alongColumns(brightness: Float64Array, cosines: Float64Array): Float64Array {
  const sums = new Float64Array(HASH_SIDE)
  for (let row = 0; row < HASH_SIDE; row++) {
    const weight = cosines[row] as number
    for (let column = 0; column < HASH_SIDE; column++) {
      sums[column] = (sums[column] as number) + weight * (brightness[row * HASH_SIDE + column] as number)
    }
  }
  return sums
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < HASH_SIDE; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}
