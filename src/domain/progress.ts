/** How far a run is inside its epoch, as the trainer's supervisor stores it and `trainingProgress` sends it. */
import { z } from 'zod'

const count = z.int().min(0)

export const runProgress = z.object({
  /** Pictures of this run whose features are there, and how many it needs. */
  featuresDone: count,
  featuresTotal: count,
  /** The epoch that is being trained, from 1; 0 before the first. */
  epoch: count,
  step: count,
  stepsPerEpoch: count,
  loss: z.number().nullable(),
  imagesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
})
export type RunProgress = z.infer<typeof runProgress>

export const NO_PROGRESS: RunProgress = {
  featuresDone: 0,
  featuresTotal: 0,
  epoch: 0,
  step: 0,
  stepsPerEpoch: 0,
  loss: null,
  imagesPerSecond: null,
  secondsLeft: null,
}
