import { setTimeout as sleep } from 'node:timers/promises'
import type { TrainingRun } from '../database/generated/client.js'
import { isFinal } from '../domain/status.js'
import type { Events } from '../events/events.js'
import { persistently, ringing } from '../graphql/streams.js'
import type { TrainingRunRepository } from './training-run.repository.js'

/** At most four a second. */
const LEAST_GAP_MS = 250

/** The run at once and then whenever its status or progress differ from what was sent; ends with the run. */
export function progressFeed(
  { events, runs }: { events: Events; runs: TrainingRunRepository },
  runId: string,
): AsyncIterableIterator<TrainingRun> {
  const bell = events.bell('run', runId)
  return ringing(bell, async function* (wait) {
    let sent = ''
    do {
      const run = await persistently(() => runs.find(runId), bell)
      if (run === null) return
      const state = JSON.stringify([run.status, run.progress])
      if (state === sent) continue
      sent = state
      yield run
      if (isFinal(run.status)) return
      await sleep(LEAST_GAP_MS)
    } while (await wait())
  })
}
