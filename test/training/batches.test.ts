import { describe, expect, it } from 'vitest'
import { toHalf } from '../../src/network/half.js'
import { orderedBatches, shuffledBatches, type Batch } from '../../src/training/batches.js'
import { sourceInMemory } from '../../src/training/picture-source.js'

/** Picture i has the label i and the features 10·i, 10·i + 1. */
const PICTURES = sourceInMemory({
  values: toHalf(Float32Array.from({ length: 14 }, (_, i) => 10 * Math.floor(i / 2) + (i % 2))),
  labels: Int32Array.from({ length: 7 }, (_, i) => i),
  shape: [2],
})

describe('Batches', () => {
  it('hold every picture once, with its own label and features', async () => {
    const batches = await all(shuffledBatches(PICTURES, { seed: 1, epoch: 1, batchSize: 3 }))
    expect(batches.map(({ count }) => count)).toEqual([3, 3, 1])
    expect(batches.flatMap(({ labels }) => [...labels]).sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    for (const { inputs, labels } of batches) {
      expect([...inputs]).toEqual([...labels].flatMap((label) => [10 * label, 10 * label + 1]))
    }
  })

  it('come in an order that seed and epoch decide', async () => {
    const order = async (seed: number, epoch: number): Promise<string> => {
      const batches = await all(shuffledBatches(PICTURES, { seed, epoch, batchSize: 7 }))
      return batches.map(({ labels }) => labels.join()).join()
    }
    expect(await order(1, 1)).toBe(await order(1, 1))
    expect(new Set([await order(1, 1), await order(1, 2), await order(2, 1)]).size).toBe(3)
  })

  it('come as the pictures lie where they are not shuffled', async () => {
    expect((await all(orderedBatches(PICTURES, 4))).map(({ labels }) => [...labels])).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6],
    ])
  })
})

async function all(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const list: Batch[] = []
  for await (const batch of batches) list.push(batch)
  return list
}
