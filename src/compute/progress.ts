import { NO_PROGRESS, type RunProgress } from '../domain/progress.js'
import type { FeatureProgress } from '../features/collect-features.js'
import type { StepEvent } from '../training/training.type.js'

/** People are shown progress at most four times a second. */
const INTERVAL_MS = 250

export interface ProgressReporter {
  features(progress: FeatureProgress): void
  step(event: StepEvent): void
  /** Sends what was held back, at the end of a phase. */
  flush(): void
}

/** @param epochs of the whole run; early stopping may end it sooner */
export function createProgressReporter(epochs: number, send: (progress: RunProgress) => void): ProgressReporter {
  let progress = NO_PROGRESS
  let held = false
  let sentAt = -Infinity
  const flush = (): void => {
    if (!held) return
    held = false
    sentAt = performance.now()
    send(progress)
  }
  const change = (next: RunProgress): void => {
    progress = next
    held = true
    if (performance.now() - sentAt >= INTERVAL_MS) flush()
  }
  let firstStepAt: number | undefined
  let steps = 0
  return {
    features: ({ done, total, imagesPerSecond }) => {
      const secondsLeft = imagesPerSecond === null || imagesPerSecond === 0 ? null : (total - done) / imagesPerSecond
      change({ ...progress, featuresDone: done, featuresTotal: total, imagesPerSecond, secondsLeft })
    },
    step: ({ epoch, step, stepsPerEpoch, loss, imagesPerSecond }) => {
      const now = performance.now()
      firstStepAt ??= now
      const secondsPerStep = steps === 0 ? null : (now - firstStepAt) / 1000 / steps
      steps += 1
      const stepsLeft = (epochs - epoch) * stepsPerEpoch + stepsPerEpoch - step
      const secondsLeft = secondsPerStep === null ? null : stepsLeft * secondsPerStep
      change({ ...progress, epoch, step, stepsPerEpoch, loss, imagesPerSecond, secondsLeft })
    },
    flush,
  }
}
