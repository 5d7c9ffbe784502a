/** IEEE 754 half precision: 1 sign, 5 exponent and 10 fraction bits. */

const HALF_INFINITY = 0x7c00
const HALF_NAN = 0x7e00
/** The least number that rounds to infinity: half the last step beyond 65504, the greatest half. */
const OVERFLOW = 65520
/** Below 2^-14 halves are evenly spaced by 2^-24. */
const LEAST_NORMAL = 2 ** -14

/** Rounds to the nearest half, ties to even. */
export function toHalf(values: Float32Array): Uint16Array {
  const float = new Float32Array(1)
  const bits = new Uint32Array(float.buffer)
  return mapInto(new Uint16Array(values.length), values, (value) => {
    float[0] = value
    const sign = ((bits[0] as number) >>> 16) & 0x8000
    return sign | halfMagnitude(Math.abs(value), float, bits)
  })
}

function halfMagnitude(magnitude: number, float: Float32Array, bits: Uint32Array): number {
  if (magnitude >= OVERFLOW) return HALF_INFINITY
  if (magnitude >= LEAST_NORMAL) {
    float[0] = magnitude
    const word = bits[0] as number
    return (word + 0xfff + ((word >>> 13) & 1) - (112 << 23)) >>> 13
  }
  if (Number.isNaN(magnitude)) return HALF_NAN
  // Around 0.5 single precision is spaced by 2^-24 as well, so that this addition does the rounding.
  float[0] = magnitude + 0.5
  return (bits[0] as number) - 0x3f000000
}

/** The greatest half, 65504. */
const GREATEST_HALF = 0x7bff

/** Brings infinities back to the greatest finite half of their sign, in place. @returns how many there were */
export function clampHalves(halves: Uint16Array): number {
  let clamped = 0
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i] as number
    if ((half & 0x7fff) !== HALF_INFINITY) continue
    halves[i] = (half & 0x8000) | GREATEST_HALF
    clamped++
  }
  return clamped
}

/** What each half is in single precision, made when it is first asked for. */
let singles: Float32Array | undefined

export function fromHalf(halves: Uint16Array): Float32Array {
  const target = new Float32Array(halves.length)
  widenHalves(halves, target, 0)
  return target
}

/** Writes them into `target` from `at` on. */
export function widenHalves(halves: Uint16Array, target: Float32Array, at: number): void {
  const table = (singles ??= widenAll())
  for (let i = 0; i < halves.length; i++) target[at + i] = table[halves[i] as number] as number
}

function widenAll(): Float32Array {
  const float = new Float32Array(1)
  const bits = new Uint32Array(float.buffer)
  return Float32Array.from({ length: 65_536 }, (_, half) => {
    const exponent = half & HALF_INFINITY
    bits[0] = ((half & 0x7fff) << 13) | (exponent === HALF_INFINITY ? 0x7f800000 : 0)
    // The exponents' biases are 15 and 127; scaling by their difference is exact and serves subnormal halves too.
    const magnitude = exponent === HALF_INFINITY ? (float[0] as number) : (float[0] as number) * 2 ** 112
    return half & 0x8000 ? -magnitude : magnitude
  })
}

/** bfloat16 is the upper half of single precision. */
export function fromBfloat(words: Uint16Array): Float32Array {
  const bits = mapInto(new Uint32Array(words.length), words, (word) => word << 16)
  return new Float32Array(bits.buffer)
}

function mapInto<Target extends Uint16Array | Uint32Array | Float32Array>(
  target: Target,
  source: Uint16Array | Float32Array,
  convert: (value: number) => number,
): Target {
  for (let i = 0; i < source.length; i++) target[i] = convert(source[i] as number)
  return target
}
