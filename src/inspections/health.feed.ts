import type { DatasetHealth } from '../database/generated/client.js'
import { isEnded } from '../domain/status.js'
import type { Events } from '../events/events.js'
import { persistently, ringing } from '../graphql/streams.js'
import type { HealthRepository } from './health.repository.js'

/** A dataset's health at once and then whenever it has changed; ends with the inspection. */
export function healthFeed(
  { events, healths }: { events: Events; healths: HealthRepository },
  datasetId: string,
): AsyncIterableIterator<DatasetHealth> {
  const bell = events.bell('health', datasetId)
  return ringing(bell, async function* (wait) {
    let sent = ''
    do {
      const health = await persistently(() => healths.find(datasetId), bell)
      if (health === null) return
      const state = JSON.stringify(health)
      if (state === sent) continue
      sent = state
      yield health
      if (isEnded(health.state)) return
    } while (await wait())
  })
}
