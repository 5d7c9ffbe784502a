import { describe, expect, it } from 'vitest'
import { learningRateAt } from '../../src/training/schedule.js'

const STEPS_PER_EPOCH = 3
const LEARNING_RATE = 0.1

type Schedule = Parameters<typeof learningRateAt>[2]

function rates(schedule: Omit<Schedule, 'learningRate'>): number[] {
  return Array.from({ length: schedule.epochs * STEPS_PER_EPOCH }, (_, step) =>
    learningRateAt(step, STEPS_PER_EPOCH, { ...schedule, learningRate: LEARNING_RATE }),
  )
}

/** The learning rate of each epoch's first step. */
function byEpoch(schedule: Omit<Schedule, 'learningRate'>): number[] {
  return rates(schedule).filter((_, step) => step % STEPS_PER_EPOCH === 0)
}

function expectClose(ours: number[], theirs: number[]): void {
  expect(ours).toHaveLength(theirs.length)
  for (const [i, rate] of theirs.entries()) expect(ours[i]).toBeCloseTo(rate, 12)
}

describe('The learning rate', () => {
  it('rises by equal steps from 0 during the warm-up, and then follows its schedule from its start', () => {
    expectClose(rates({ schedule: 'CONSTANT', epochs: 3, warmupEpochs: 2 }), [
      ...[0, 1, 2, 3, 4, 5].map((i) => (LEARNING_RATE * i) / 6),
      ...[LEARNING_RATE, LEARNING_RATE, LEARNING_RATE],
    ])
    expectClose(
      rates({ schedule: 'COSINE', epochs: 2, warmupEpochs: 1 }).slice(3),
      [0, 1, 2].map((i) => (LEARNING_RATE * (1 + Math.cos((Math.PI * i) / 3))) / 2),
    )
  })

  it('may warm up all the time', () => {
    const all = rates({ schedule: 'COSINE', epochs: 2, warmupEpochs: 2 })
    expect(all.at(-1)).toBeCloseTo((LEARNING_RATE * 5) / 6, 12)
  })

  it.each([
    [1, [1]],
    [2, [1, 1]],
    [3, [1, 0.1, 0.01]],
    [4, [1, 0.1, 0.01, 0.01]],
    [7, [1, 1, 0.1, 0.1, 0.01, 0.01, 0.01]],
  ])('falls to a tenth twice in %i epochs of STEP', (epochs, factors) => {
    expectClose(
      byEpoch({ schedule: 'STEP', epochs, warmupEpochs: 0 }),
      factors.map((factor) => LEARNING_RATE * factor),
    )
  })

  it('counts the epochs of STEP after the warm-up', () => {
    const after = byEpoch({ schedule: 'STEP', epochs: 5, warmupEpochs: 2 }).slice(2)
    expectClose(
      after,
      [1, 0.1, 0.01].map((factor) => LEARNING_RATE * factor),
    )
  })

  it('stays a number in ONE_CYCLE runs of a step or two', () => {
    for (const steps of [1, 2, 3, 4, 5]) {
      const settings = { schedule: 'ONE_CYCLE', epochs: 1, warmupEpochs: 0, learningRate: LEARNING_RATE } as const
      for (let step = 0; step < steps; step++) {
        const rate = learningRateAt(step, steps, settings)
        expect(rate).toBeGreaterThan(0)
        expect(rate).toBeLessThanOrEqual(LEARNING_RATE)
      }
      expect(learningRateAt(steps - 1, steps, settings)).toBeCloseTo(LEARNING_RATE / 25e4, 12)
    }
  })
})
