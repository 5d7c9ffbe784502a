import type { TrainingRun } from '../database/generated/client.js'
import { isFinal } from '../domain/status.js'
import type { Events } from '../events/events.js'
import { rowFeed } from '../graphql/row-feed.js'
import type { TrainingRunRepository } from './training-run.repository.js'

/** At most four a second. */
const LEAST_GAP_MS = 250

/** The run at once and then whenever its status or progress differ from what was sent; ends with the run. */
export function progressFeed(
  { events, runs }: { events: Events; runs: TrainingRunRepository },
  runId: string,
): AsyncIterableIterator<TrainingRun> {
  return rowFeed(events.bell('run', runId), {
    find: () => runs.find(runId),
    isOver: ({ status }) => isFinal(status),
    shownOf: ({ status, progress }) => [status, progress],
    leastGapMs: LEAST_GAP_MS,
  })
}
