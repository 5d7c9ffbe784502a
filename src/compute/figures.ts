/** What a child measures while it computes, gathered and sent now and then: the supervisor counts it for Prometheus. */
import { batchSize } from '../inference/batch-size.js'
import type { TrunkSession } from '../inference/sessions.js'

export interface Figures {
  /** Training steps, each with the reading of its batch. */
  readonly stepSeconds: readonly number[]
  /** Runs of the trunk: pictures in each, and how many there would have been room for. */
  readonly trunkBatches: readonly TrunkBatch[]
}

export interface TrunkBatch {
  readonly pictures: number
  readonly capacity: number
  readonly seconds: number
}

export interface FigureRecorder {
  /** A step has ended. */
  step(): void
  /** What comes until the next step is none: an epoch's end, for instance. */
  pause(): void
  /** The session, with every run of it written down. */
  watch(trunk: TrunkSession): TrunkSession
  /** Sends what is left. */
  flush(): void
}

const SEND_EVERY_MS = 1_000

export function createFigureRecorder(send: (figures: Figures) => void): FigureRecorder {
  let stepSeconds: number[] = []
  let trunkBatches: TrunkBatch[] = []
  let sentAt = performance.now()
  let stepBegan = performance.now()

  const flush = (): void => {
    if (stepSeconds.length + trunkBatches.length > 0) send({ stepSeconds, trunkBatches })
    stepSeconds = []
    trunkBatches = []
    sentAt = performance.now()
  }
  const recorded = (): void => {
    if (performance.now() - sentAt >= SEND_EVERY_MS) flush()
  }
  return {
    step: () => {
      const now = performance.now()
      stepSeconds.push((now - stepBegan) / 1000)
      stepBegan = now
      recorded()
    },
    pause: () => {
      stepBegan = performance.now()
    },
    watch: (trunk) => ({
      ...trunk,
      features: async (images, count, imageSize) => {
        const beganAt = performance.now()
        const features = await trunk.features(images, count, imageSize)
        const seconds = (performance.now() - beganAt) / 1000
        trunkBatches.push({ pictures: count, capacity: batchSize(imageSize), seconds })
        recorded()
        return features
      },
    }),
    flush,
  }
}
