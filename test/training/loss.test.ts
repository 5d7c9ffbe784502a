import { describe, expect, it } from 'vitest'
import { balancedClassWeights, lossOf, lossTargets } from '../../src/training/loss.js'

const LOG_PROBABILITIES = [0.7, 0.2, 0.1, 0.3, 0.3, 0.4].map(Math.log)
const LABELS = Int32Array.of(0, 2)

describe('The loss', () => {
  it('is the mean of -ln of the own class where nothing else is asked', () => {
    const targets = lossTargets(LABELS, { classCount: 3, labelSmoothing: 0 })
    expect(lossOf(LOG_PROBABILITIES, targets)).toBeCloseTo(-(Math.log(0.7) + Math.log(0.4)) / 2, 6)
  })

  it('takes a share of all classes where labels are smoothed', () => {
    const targets = lossTargets(LABELS, { classCount: 3, labelSmoothing: 0.3 })
    const own = -(Math.log(0.7) + Math.log(0.4)) / 2
    const everyone = -LOG_PROBABILITIES.reduce((sum, value) => sum + value, 0) / 6
    expect(lossOf(LOG_PROBABILITIES, targets)).toBeCloseTo(0.7 * own + 0.3 * everyone, 6)
  })

  it("divides a weighted sum by the pictures' weights", () => {
    const targets = lossTargets(LABELS, { classCount: 3, labelSmoothing: 0, classWeights: Float64Array.of(1, 5, 3) })
    expect(lossOf(LOG_PROBABILITIES, targets)).toBeCloseTo(-(Math.log(0.7) + 3 * Math.log(0.4)) / 4, 6)
  })

  it('weighs classes so that each counts the same over the set', () => {
    expect([...balancedClassWeights(Int32Array.of(0, 0, 0, 1), 2)]).toEqual([4 / 6, 4 / 2])
    expect([...balancedClassWeights(Int32Array.of(0, 0), 2)]).toEqual([0.5, 0])
  })
})
