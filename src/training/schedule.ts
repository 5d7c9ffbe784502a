import type { Hyperparameters } from '../domain/hyperparameters.js'

type Schedule = Pick<Hyperparameters, 'schedule' | 'learningRate' | 'epochs' | 'warmupEpochs'>

/** torch.optim.lr_scheduler.OneCycleLR's defaults. */
const ONE_CYCLE = { rising: 0.3, initialDivisor: 25, finalDivisor: 1e4 }
const STEP_FACTOR = 0.1

/**
 * The learning rate of a step.
 * @param step from 0, over the whole run
 */
export function learningRateAt(step: number, stepsPerEpoch: number, schedule: Schedule): number {
  const { learningRate, epochs, warmupEpochs } = schedule
  const warmupSteps = warmupEpochs * stepsPerEpoch
  if (step < warmupSteps) return (learningRate * step) / warmupSteps
  const left = { step: step - warmupSteps, steps: (epochs - warmupEpochs) * stepsPerEpoch }
  switch (schedule.schedule) {
    case 'CONSTANT':
      return learningRate
    case 'COSINE':
      return between(learningRate, 0, left.step / left.steps)
    case 'STEP':
      return learningRate * STEP_FACTOR ** dropsBefore(Math.floor(left.step / stepsPerEpoch) + 1, epochs - warmupEpochs)
    case 'ONE_CYCLE':
      return oneCycle(left.step, left.steps, learningRate)
  }
}

/** The rate falls at the start of epochs floor(E/3) + 1 and floor(2E/3) + 1 of E; not at all in fewer than three. */
function dropsBefore(epoch: number, epochs: number): number {
  if (epochs < 3) return 0
  return [1, 2].filter((third) => epoch > Math.floor((third * epochs) / 3)).length
}

/** Phases end at steps 0.3 · steps - 1 and steps - 1, which need not be whole, as PyTorch has them. */
function oneCycle(step: number, steps: number, highest: number): number {
  const initial = highest / ONE_CYCLE.initialDivisor
  const peak = ONE_CYCLE.rising * steps - 1
  if (step <= peak) return between(initial, highest, step / peak)
  return between(highest, initial / ONE_CYCLE.finalDivisor, (step - peak) / (steps - 1 - peak))
}

/** Half a cosine wave from `start` to `end`. */
function between(start: number, end: number, fraction: number): number {
  return end + ((start - end) * (1 + Math.cos(Math.PI * fraction))) / 2
}
