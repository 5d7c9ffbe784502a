import { describe, expect, it } from 'vitest'
import { randomKey, randomWords } from '../../src/domain/random.js'
import { createDropout } from '../../src/training/dropout.js'

/** Of a head whose first hidden layer has `width` inputs, its second four. */
function masksOf({
  seed = 1,
  epoch = 1,
  step = 1,
  rates = [0.5, 0.5],
  width = 64,
  count = 1,
}): (Float32Array | null)[] {
  return createDropout({ seed, dropout: rates, batchSize: count }, [width, 4]).draw({ epoch, step }, count)
}

describe('A dropout mask', () => {
  it('drops the asked share and raises the rest, so that the mean stays', () => {
    const [mask = null] = masksOf({ rates: [0.3], width: 1000, count: 100 })
    if (mask === null) throw new Error('There is no mask.')
    expect(mask.length).toBe(100_000)
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.7)]))
    expect(mask.filter((value) => value === 0).length / mask.length).toBeCloseTo(0.3, 2)
    expect(mask.reduce((sum, value) => sum + value, 0) / mask.length).toBeCloseTo(1, 2)
  })

  it('follows from the words of its place in the stream, however many there are', () => {
    const [mask = null] = masksOf({ seed: 7, epoch: 2, step: 3, rates: [0.3], width: 2048, count: 65 })
    const words = randomWords(randomKey(7, 'dropout', 2, 3, 0), 2048 * 65)
    expect(mask).toEqual(Float32Array.from(words, (word) => (word >= 0.3 * 2 ** 32 ? 1 / (1 - 0.3) : 0)))
  })

  it('is another one at every seed, epoch, step and layer', () => {
    const places = [{}, { seed: 2 }, { epoch: 2 }, { step: 2 }]
    expect(new Set(places.map((place) => masksOf(place)[0]?.join())).size).toBe(places.length)
    const [first, second] = masksOf({ width: 4 })
    expect(first).not.toEqual(second)
    expect(masksOf({})).toEqual(masksOf({}))
  })

  it('is none where nothing is dropped, and shorter for a smaller batch', () => {
    const dropout = createDropout({ seed: 1, dropout: [0, 0.5], batchSize: 8 }, [64, 4])
    expect(dropout.draw({ epoch: 1, step: 1 }, 8).map((mask) => mask?.length ?? null)).toEqual([null, 32])
    expect(dropout.draw({ epoch: 1, step: 2 }, 3).map((mask) => mask?.length ?? null)).toEqual([null, 12])
  })
})
