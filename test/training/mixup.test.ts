import { describe, expect, it } from 'vitest'
import { randomKey, randomStream } from '../../src/domain/random.js'
import type { Batch } from '../../src/training/batches.js'
import { lossOf, lossTargets } from '../../src/training/loss.js'
import { drawBeta, mixedTargets, mixUp } from '../../src/training/mixup.js'

const batch: Batch = {
  inputs: Float32Array.from({ length: 12 }, (_, i) => i * i),
  shape: [3],
  labels: Int32Array.of(0, 1, 2, 1),
  count: 4,
}

describe('mixup', () => {
  it('blends every picture with one of the same batch, and keeps the larger part of its own', () => {
    const { inputs, mixture } = mixUp(batch, { seed: 3, epoch: 2, step: 5 })
    const { share } = mixture
    expect(share).toBeGreaterThanOrEqual(0.5)
    const rowOf = (values: Float32Array, row: number): number[] => [...values.subarray(3 * row, 3 * row + 3)]
    const partners = [0, 1, 2, 3].map((row) =>
      [0, 1, 2, 3].find((other) =>
        rowOf(inputs, row).every(
          (value, i) =>
            Math.abs(
              value -
                share * (rowOf(batch.inputs, row)[i] ?? NaN) -
                (1 - share) * (rowOf(batch.inputs, other)[i] ?? NaN),
            ) < 1e-4,
        ),
      ),
    )
    expect(partners.toSorted()).toEqual([0, 1, 2, 3])
    expect([...mixture.labels]).toEqual(partners.map((partner) => batch.labels[partner ?? -1]))
  })

  it('draws by seed, epoch and step alone', () => {
    const place = { seed: 3, epoch: 2, step: 5 }
    expect(mixUp(batch, place)).toEqual(mixUp(batch, place))
    const shares = [1, 2, 3, 4].map((step) => mixUp(batch, { ...place, step }).mixture.share)
    expect(new Set(shares).size).toBe(4)
  })

  /** For log-softmax the loss's slope by the logits is softmax · ΣT - T: it follows from the targets alone. */
  it('learns from the soft targets of both labels by their shares', () => {
    const options = { classCount: 3, labelSmoothing: 0 }
    const mixture = { labels: Int32Array.of(2, 1, 0, 0), share: 0.7 }
    const targets = mixedTargets(batch.labels, mixture, options)
    const soft = [0.7, 0, 0.3, 0, 1, 0, 0.3, 0, 0.7, 0.3, 0.7, 0].map((target) => target / batch.count)
    targets.forEach((target, i) => {
      expect(target).toBeCloseTo(soft[i] ?? NaN, 7)
    })
    const logits = [0.2, -1, 0.5]
    const logSum = Math.log(logits.reduce((sum, each) => sum + Math.exp(each), 0))
    const logProbabilities = Array.from({ length: 12 }, (_, i) => (logits[i % 3] ?? NaN) - logSum)
    const lossAt = (labels: Int32Array): number => lossOf(logProbabilities, lossTargets(labels, options))
    expect(lossOf(logProbabilities, targets)).toBeCloseTo(0.7 * lossAt(batch.labels) + 0.3 * lossAt(mixture.labels), 6)
  })

  it('draws its shares from the beta distribution: mean a half, variance 1 / (4 (2 alpha + 1))', () => {
    const draw = randomStream(randomKey(0, 'beta'))
    const shares = Array.from({ length: 100_000 }, () => drawBeta(draw, 0.2))
    const mean = shares.reduce((sum, each) => sum + each) / shares.length
    const variance = shares.reduce((sum, each) => sum + (each - mean) ** 2, 0) / shares.length
    expect(mean).toBeCloseTo(0.5, 2)
    expect(variance).toBeCloseTo(1 / (4 * 1.4), 2)
  })
})
