/** What a trainer tells of its work to whoever counts. */
import type { Figures } from '../compute/figures.js'
import type { RunProgress } from '../domain/progress.js'

/** How a run leaves its holder. `DIED`: the compute child did, and the run is another trainer's now or has failed. */
export type RunEnding = 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'DIED' | 'HANDED_OVER' | 'LOST'

export interface WorkObserver {
  runTaken(): void
  runLeft(how: RunEnding): void
  /** A run of somebody who died was put back into the queue. */
  runRescued(): void
  epochStored(epoch: { seconds: number }): void
  progressed(progress: RunProgress): void
  /** Pictures whose features were kept from before. */
  featuresFound(pictures: number): void
  /** Of a compute child, or of an evaluation's. */
  computed(figures: Figures): void
  importEnded(seconds: number): void
}
