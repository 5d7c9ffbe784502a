import type { StepResult } from './train-step.js'
import type { EpochResult } from './training.type.js'

/** Adds up an epoch's steps and takes its time. */
interface EpochMeter {
  add(step: StepResult & { learningRate: number }, count: number): void
  imagesPerSecond(): number
  /** Seconds since the epoch began. */
  seconds(): number
  /** Means over the pictures so far, and the last step's learning rate. */
  figures(): Pick<EpochResult, 'trainLoss' | 'trainAccuracy' | 'learningRate' | 'imagesPerSecond'>
}

export function startMeter(): EpochMeter {
  const startedAt = performance.now()
  let [loss, correct, pictures, learningRate] = [0, 0, 0, 0]
  const seconds = (): number => (performance.now() - startedAt) / 1000
  const imagesPerSecond = (): number => pictures / seconds()
  return {
    add: (step, count) => {
      loss += step.loss * count
      correct += step.correct
      pictures += count
      learningRate = step.learningRate
    },
    imagesPerSecond,
    seconds,
    figures: () => ({
      trainLoss: loss / pictures,
      trainAccuracy: correct / pictures,
      learningRate,
      imagesPerSecond: imagesPerSecond(),
    }),
  }
}
