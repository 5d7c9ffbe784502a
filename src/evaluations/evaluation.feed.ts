import type { Evaluation } from '../database/generated/client.js'
import { isEnded } from '../domain/status.js'
import type { Events } from '../events/events.js'
import { rowFeed } from '../graphql/row-feed.js'
import type { EvaluationRepository } from './evaluation.repository.js'

/** The evaluation at once and then whenever it has changed; ends with it. */
export function evaluationFeed(
  { events, evaluations }: { events: Events; evaluations: EvaluationRepository },
  id: string,
): AsyncIterableIterator<Evaluation> {
  return rowFeed(events.bell('evaluation', id), {
    find: () => evaluations.find(id),
    isOver: ({ state }) => isEnded(state),
  })
}
