/**
 * Our own counter-based random numbers: every draw is a function of (seed, purpose, counters), so that nothing has to be
 * saved to resume a run, and any machine draws the same.
 *
 * The generator is Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw: "Parallel Random Numbers: As Easy as
 * 1, 2, 3", SC11), which needs nothing but 32-bit additions, rotations and exclusive ors.
 */
import { fillMask, fillWords, type KeySchedule } from './threefry.simd.js'

export type RandomKey = readonly [number, number]

const PARITY = 0x1bd11bda

/** One block: puts the stream's two words in the place of their position, `words[at]` and `words[at + 1]`. */
export function threefry(key: RandomKey, words: Uint32Array, at = 0): void {
  // Three words in turn are added after every four rounds.
  let k0 = key[0] | 0
  let k1 = key[1] | 0
  let k2 = k0 ^ k1 ^ PARITY
  let a = ((words[at] as number) + k0) | 0
  let b = ((words[at + 1] as number) + k1) | 0
  for (let group = 1; group <= 5; group++) {
    const odd = (group & 1) === 1
    a = (a + b) | 0
    b = rotate(b, odd ? 13 : 17) ^ a
    a = (a + b) | 0
    b = rotate(b, odd ? 15 : 29) ^ a
    a = (a + b) | 0
    b = rotate(b, odd ? 26 : 16) ^ a
    a = (a + b) | 0
    b = rotate(b, odd ? 6 : 24) ^ a
    const used = k0
    k0 = k1
    k1 = k2
    k2 = used
    a = (a + k0) | 0
    b = (b + k1 + group) | 0
  }
  words[at] = a
  words[at + 1] = b
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}

/** The stream of draws for one purpose ("shuffle", "dropout", …) at one place (epoch, step, layer, picture …). */
export function randomKey(seed: number, purpose: string, ...counters: readonly number[]): RandomKey {
  const words = new Uint32Array(2)
  let key: RandomKey = [seed, 0]
  const fold = (word: number, position: number): void => {
    words.set([word, position])
    threefry(key, words)
    key = [words[0] as number, words[1] as number]
  }
  for (let i = 0; i < purpose.length; i++) fold(purpose.charCodeAt(i), i)
  for (const [i, counter] of counters.entries()) fold(counter, 0x10000 + i)
  return key
}

/** `count` 32-bit words. */
export function randomWords(key: RandomKey, count: number): Uint32Array {
  const words = new Uint32Array(count)
  fillWords(words, scheduleOf(key))
  return words
}

/**
 * 0 with the probability `rate`, else 1 / (1 - rate), so that the mean stays: for each word of the stream that begins with
 * `key`.
 * @param target is filled
 */
export function drawMask(target: Float32Array, key: RandomKey, rate: number): void {
  const least = Math.ceil(rate * 2 ** 32)
  if (least > 0xffffffff) target.fill(0)
  else fillMask(target, scheduleOf(key), { least, value: 1 / (1 - rate) })
}

function scheduleOf([k0, k1]: RandomKey): KeySchedule {
  return [k0, k1, k0 ^ k1 ^ PARITY]
}

/** `count` numbers in [0, 1), multiples of 2^-24: exact in single precision. */
export function randomUniforms(key: RandomKey, count: number): Float32Array {
  return Float32Array.from(randomWords(key, count), (word) => (word >>> 8) / 2 ** 24)
}

/** The numbers 0 … count - 1 in random order (Fisher and Yates; a 53-bit draw keeps the bias out of reach). */
export function randomPermutation(key: RandomKey, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  const words = new Uint32Array(2)
  for (let i = count - 1; i > 0; i--) {
    words.set([i, 0])
    threefry(key, words)
    const fraction = ((words[0] as number) * 2 ** 21 + ((words[1] as number) >>> 11)) / 2 ** 53
    const j = Math.floor(fraction * (i + 1))
    const held = order[i] as number
    order[i] = order[j] as number
    order[j] = held
  }
  return order
}

/** Draws one number in [0, 1) after the other, multiples of 2^-24. */
export type RandomStream = () => number

export function randomStream(key: RandomKey): RandomStream {
  const words = new Uint32Array(2)
  let position = 0
  return () => {
    if ((position & 1) === 0) {
      words.set([position, 0])
      threefry(key, words)
    }
    return ((words[position++ & 1] as number) >>> 8) / 2 ** 24
  }
}
