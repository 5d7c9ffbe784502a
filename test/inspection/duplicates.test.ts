import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomKey, randomStream, randomWords } from '../../src/domain/random.js'
import { mirrorHash, signHash } from '../../src/images/perceptual-hash.js'
import { createProductSession, type ProductSession } from '../../src/inference/product.session.js'
import { findDuplicates, groupByHash } from '../../src/inspection/duplicates.js'
import { directionsOf, type FeatureRows } from '../../src/inspection/feature-rows.js'
import { findClosePairs, hashWords, CLOSE_BITS } from '../../src/inspection/hash-pairs.js'

let product: ProductSession

beforeAll(async () => {
  product = await createProductSession()
})

afterAll(() => product.release())

function randomHashes(count: number, purpose = 'hashes'): bigint[] {
  const words = randomWords(randomKey(1, purpose), 2 * count)
  return Array.from({ length: count }, (_, i) =>
    BigInt.asUintN(64, (BigInt(words[2 * i] as number) << 32n) | BigInt(words[2 * i + 1] as number)),
  )
}

/** The hash with so many bits turned. */
function turned(hash: bigint, bits: number, seed: number): bigint {
  const draw = randomStream(randomKey(seed, 'bits'))
  const places = new Set<number>()
  while (places.size < bits) places.add(Math.floor(draw() * 64))
  return [...places].reduce((changed, place) => changed ^ (1n << BigInt(place)), hash)
}

describe('pairs of close hashes', () => {
  it('are all found by their bands, mirrored ones too, and no others', async () => {
    const originals = randomHashes(300)
    const copies = originals.map((hash, i) => turned(i % 3 === 0 ? mirrorHash(hash) : hash, i % 13, i))
    const hashes = [...originals, ...copies, 0n].map(signHash)
    const found = new Set<string>()
    await findClosePairs(hashes, (a, b) => found.add(`${String(a)} ${String(b)}`))
    const words = hashWords(hashes)
    const expected: string[] = []
    for (let a = 0; a < hashes.length; a++) {
      for (let b = a + 1; b < hashes.length; b++) {
        if (words.distance(a, b) <= CLOSE_BITS) expected.push(`${String(a)} ${String(b)}`)
      }
    }
    expect([...found].sort()).toEqual(expected.sort())
    // 9 of 13 copies differ in 8 bits or fewer.
    expect(expected.length).toBeGreaterThanOrEqual(300 * (9 / 13) - 2)
  })

  it('make groups, and say nothing of flat pictures or those without a hash', async () => {
    const [hash = 0n, other = 0n] = randomHashes(2)
    const group = [hash, turned(hash, 6, 1), turned(turned(hash, 6, 1), 6, 2)].map(signHash)
    expect(await groupByHash([...group, signHash(other), 0n, 0n, null, null])).toEqual([[0, 1, 2]])
  })
})

/** Rows around the origin, in so many dimensions; `copies` are a row and a little of another one. */
async function featuresOf(
  count: number,
  copies: readonly [from: number, to: number, noise: number][],
): Promise<FeatureRows> {
  const columns = 64
  const draw = randomStream(randomKey(7, 'features'))
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
  const rows = Array.from({ length: count }, () => Float32Array.from({ length: columns }, normal))
  for (const [from, to, noise] of copies) {
    rows[to] = (rows[from] as Float32Array).map((value) => value + noise * normal())
  }
  return directionsOf(
    (wanted) => Promise.resolve(Float32Array.from([...wanted].flatMap((row) => [...(rows[row] as Float32Array)]))),
    { count, columns },
  )
}

describe('duplicates by features', () => {
  it('are found across blocks, with their similarity, and hardly any others', async () => {
    const count = 2600
    const copies: [number, number, number][] = [
      [0, 2500, 0.05],
      [10, 11, 0.1],
      [11, 2300, 0.1],
    ]
    const features = await featuresOf(count, copies)
    const hashes = randomHashes(count, 'others').map(signHash)
    const groups = await findDuplicates({ hashes, features }, product)
    expect(groups.map((group) => group.map(({ picture }) => picture))).toEqual([
      [0, 2500],
      [10, 11, 2300],
    ])
    expect(groups[0]?.[0]?.similarity).toBeGreaterThan(0.99)
  })

  it('settle what hashes leave open: far ones join with features, equal ones part without', async () => {
    const features = await featuresOf(400, [[20, 21, 0.8]])
    const hashes = randomHashes(400, 'open')
    hashes[21] = turned(hashes[20] as bigint, 14, 3)
    hashes[31] = hashes[30] as bigint
    const groups = await findDuplicates({ hashes: hashes.map(signHash), features }, product)
    expect(groups.map((group) => group.map(({ picture }) => picture))).toEqual([[20, 21]])
  })
})
