import type { DatasetHealth } from '../database/generated/client.js'
import { isEnded } from '../domain/status.js'
import type { Events } from '../events/events.js'
import { rowFeed } from '../graphql/row-feed.js'
import type { HealthRepository } from './health.repository.js'

/** A dataset's health at once and then whenever it has changed; ends with the inspection. */
export function healthFeed(
  { events, healths }: { events: Events; healths: HealthRepository },
  datasetId: string,
): AsyncIterableIterator<DatasetHealth> {
  return rowFeed(events.bell('health', datasetId), {
    find: () => healths.find(datasetId),
    isOver: ({ state }) => isEnded(state),
  })
}
