/** Pairs of pictures whose perceptual hashes are close, as they are or with left and right exchanged. */
import { FLAT_HASH, mirrorHash, unsignHash } from '../images/perceptual-hash.js'

/** Bits in which the hashes of two files of the same picture may differ. Among photographs no other pair had fewer than 10. */
export const CLOSE_BITS = 8

/** With one band more than bits that may differ, two close hashes have at least one band in common. */
const BANDS = CLOSE_BITS + 1
const HASH_BITS = 64

/** Hashes as two words each, so that comparing them takes no big integers. */
export interface HashWords {
  /** Least number of bits in which the two differ, mirrored or not; Infinity where one is flat or unknown. */
  distance(a: number, b: number): number
}

interface Words {
  readonly high: Uint32Array
  readonly low: Uint32Array
}

/** @param hashes as `signHash` gives them; null for a picture that has none */
export function hashWords(hashes: readonly (bigint | null)[]): HashWords {
  const plain = wordsOf(hashes, (hash) => hash)
  const mirrored = wordsOf(hashes, mirrorHash)
  const known = hashes.map(isTelling)
  const differingBits = (other: Words, a: number, b: number): number =>
    countBits((plain.high[a] as number) ^ (other.high[b] as number)) +
    countBits((plain.low[a] as number) ^ (other.low[b] as number))
  return {
    distance: (a, b) =>
      known[a] === true && known[b] === true
        ? Math.min(differingBits(plain, a, b), differingBits(mirrored, a, b))
        : Infinity,
  }
}

/**
 * Every close pair, some more than once; lets others run in between.
 * @param found is handed the pair and the bits in which they differ
 */
export async function findClosePairs(
  hashes: readonly (bigint | null)[],
  found: (a: number, b: number, bits: number) => void,
): Promise<void> {
  const words = hashWords(hashes)
  for (let band = 0; band < BANDS; band++) {
    for (const bucket of bucketsOf(hashes, band)) {
      for (const [i, a] of bucket.entries()) {
        for (let j = i + 1; j < bucket.length; j++) {
          const b = bucket[j] as number
          const bits = words.distance(a, b)
          if (bits <= CLOSE_BITS && a !== b) found(Math.min(a, b), Math.max(a, b), bits)
        }
      }
      if (bucket.length > 256) await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

/** Pictures by one band of their hashes, each also by that of its mirrored hash. */
function bucketsOf(hashes: readonly (bigint | null)[], band: number): number[][] {
  const from = Math.floor((band * HASH_BITS) / BANDS)
  const width = Math.floor(((band + 1) * HASH_BITS) / BANDS) - from
  const buckets = Array.from({ length: 2 ** width }, (): number[] => [])
  for (const [i, stored] of hashes.entries()) {
    if (!isTelling(stored)) continue
    const hash = unsignHash(stored)
    const values = new Set([hash, mirrorHash(hash)].map((each) => bandOf(each, from, width)))
    for (const value of values) buckets[value]?.push(i)
  }
  return buckets
}

function bandOf(hash: bigint, from: number, width: number): number {
  return Number(BigInt.asUintN(width, hash >> BigInt(from)))
}

function isTelling(hash: bigint | null): hash is bigint {
  return hash !== null && hash !== FLAT_HASH
}

function wordsOf(hashes: readonly (bigint | null)[], change: (hash: bigint) => bigint): Words {
  const words = hashes.map((hash) => change(unsignHash(hash ?? FLAT_HASH)))
  return {
    high: Uint32Array.from(words, (hash) => Number(hash >> 32n)),
    low: Uint32Array.from(words, (hash) => Number(hash & 0xffffffffn)),
  }
}

/** Of a 32-bit word: sums of pairs, nibbles and bytes side by side. */
function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
