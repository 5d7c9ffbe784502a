import { describe, expect, it } from 'vitest'
import { isBestSoFar, isFinished } from '../../src/training/stopping.js'

describe('The best epoch', () => {
  it('is the one of least validation loss, the earlier on a tie', () => {
    expect(isBestSoFar([3])).toBe(true)
    expect(isBestSoFar([3, 2])).toBe(true)
    expect(isBestSoFar([3, 2, 2])).toBe(false)
    expect(isBestSoFar([3, 2, 2.5, 1])).toBe(true)
    expect(isBestSoFar([])).toBe(false)
  })
})

describe('A run', () => {
  const stopping = (patience: number, minDelta = 0): Parameters<typeof isFinished>[1] => ({
    epochs: 10,
    earlyStopping: { patience, minDelta },
  })

  it('is finished after its epochs', () => {
    expect(isFinished([1, 2], { epochs: 3, earlyStopping: null })).toBe(false)
    expect(isFinished([1, 2, 3], { epochs: 3, earlyStopping: null })).toBe(true)
  })

  it('waits for as many epochs without progress as its patience', () => {
    expect(isFinished([3, 2, 2], stopping(2))).toBe(false)
    expect(isFinished([3, 2, 2, 2.1], stopping(2))).toBe(true)
    expect(isFinished([3, 2, 2, 1, 1.5], stopping(2))).toBe(false)
  })

  it('takes less than minDelta for no progress, but slow progress that adds up for some', () => {
    expect(isFinished([1, 0.95], stopping(1, 0.1))).toBe(true)
    expect(isFinished([1, 0.95, 0.89], stopping(2, 0.1))).toBe(false)
    expect(isFinished([1, 0.95, 0.91], stopping(2, 0.1))).toBe(true)
  })

  it('is not finished before it began', () => {
    expect(isFinished([], stopping(1))).toBe(false)
  })
})
