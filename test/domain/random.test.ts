import { describe, expect, it } from 'vitest'
import { randomKey, randomPermutation, randomUniforms, randomWords, threefry } from '../../src/domain/random.js'

/** Random123's published vectors (kat_vectors, threefry2x32 with 20 rounds): counter, key, result. */
const KNOWN_ANSWERS = [
  { counter: [0, 0], key: [0, 0], result: [0x6b200159, 0x99ba4efe] },
  { counter: [0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], result: [0x1cb996fc, 0xbb002be7] },
  { counter: [0x243f6a88, 0x85a308d3], key: [0x13198a2e, 0x03707344], result: [0xc4923a9c, 0x483df7a0] },
] as const

describe('The random numbers', () => {
  it.each(KNOWN_ANSWERS)('are Threefry-2x32-20: $key, $counter', ({ key, counter, result }) => {
    const words = Uint32Array.from(counter)
    threefry(key, words)
    expect([...words]).toEqual(result)
  })

  it('are the blocks of one stream, one after the other', () => {
    const key = randomKey(1, 'dropout', 2, 3)
    // Vectors draw many blocks at once, a great number of words in parts.
    for (const count of [1, 5, 6, 31, 32, 33, 100, 65_536, 65_537, 140_001]) {
      const expected = new Uint32Array(count + 1)
      for (let position = 0; position < count; position += 2) {
        expected.set([position, 0], position)
        threefry(key, expected, position)
      }
      expect(randomWords(key, count)).toEqual(expected.slice(0, count))
    }
  })

  it('differ with the seed, the purpose, each counter and their order', () => {
    const keys = [
      randomKey(0, 'shuffle', 1, 2),
      randomKey(1, 'shuffle', 1, 2),
      randomKey(0, 'dropout', 1, 2),
      randomKey(0, 'shuffle', 2, 1),
      randomKey(0, 'shuffle', 1),
      randomKey(0, 'shuffle', 1, 2, 0),
    ]
    expect(new Set(keys.map(String)).size).toBe(keys.length)
  })

  it('are uniform in [0, 1)', () => {
    const uniforms = randomUniforms(randomKey(7, 'test'), 100_000)
    const tenths = new Array<number>(10).fill(0)
    for (const uniform of uniforms) tenths[Math.floor(uniform * 10)] = (tenths[Math.floor(uniform * 10)] as number) + 1
    // Chi-squared with 9 degrees of freedom stays below 27.9 in 999 of 1,000 streams.
    expect(tenths.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9)
    expect(Math.max(...uniforms.subarray(0, 50_000))).toBeLessThan(1)
  })

  it('put every number once into a permutation, each order as often as the others', () => {
    expect([...randomPermutation(randomKey(3, 'shuffle', 1), 1000)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 1000 }, (_, i) => i),
    )
    const seen = new Map<string, number>()
    for (let draw = 0; draw < 6000; draw++) {
      const order = randomPermutation(randomKey(3, 'shuffle', draw), 3).join()
      seen.set(order, (seen.get(order) ?? 0) + 1)
    }
    expect(seen.size).toBe(6)
    // Five degrees of freedom: 20.5 in 999 of 1,000.
    expect([...seen.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(20.5)
  })

  it('take nothing and one', () => {
    expect(randomWords(randomKey(0, 'test'), 0)).toHaveLength(0)
    expect([...randomPermutation(randomKey(0, 'test'), 1)]).toEqual([0])
  })
})
