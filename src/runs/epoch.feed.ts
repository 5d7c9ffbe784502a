import type { Epoch } from '../database/generated/client.js'
import { isFinal } from '../domain/status.js'
import type { Events } from '../events/events.js'
import { persistently, ringing } from '../graphql/streams.js'
import type { EpochRepository } from './epoch.repository.js'
import type { TrainingRunRepository } from './training-run.repository.js'

interface Parts {
  readonly events: Events
  readonly runs: TrainingRunRepository
  readonly epochs: EpochRepository
}

const EPOCHS_AT_ONCE = 100

/**
 * Every epoch of a run beyond a number, none twice and none missed, until the run ends. The rows are the truth and the
 * bell only says when to look: it is registered first, and the status is read before the epochs, so that after a final
 * status no epoch can come.
 */
export function epochFeed(
  { events, runs, epochs }: Parts,
  { runId, afterEpoch }: { runId: string; afterEpoch: number },
): AsyncIterableIterator<Epoch> {
  const bell = events.bell('run', runId)
  return ringing(bell, async function* (wait) {
    let seen = afterEpoch
    do {
      const run = await persistently(() => runs.find(runId), bell)
      let stored: Epoch[]
      do {
        stored = await persistently(() => epochs.after(runId, seen, EPOCHS_AT_ONCE), bell)
        for (const epoch of stored) {
          seen = epoch.number
          yield epoch
        }
      } while (stored.length === EPOCHS_AT_ONCE)
      if (run === null || isFinal(run.status)) return
    } while (await wait())
  })
}
