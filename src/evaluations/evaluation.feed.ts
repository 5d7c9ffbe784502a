import type { Evaluation } from '../database/generated/client.js'
import { isEnded } from '../domain/status.js'
import type { Events } from '../events/events.js'
import { persistently, ringing } from '../graphql/streams.js'
import type { EvaluationRepository } from './evaluation.repository.js'

/** The evaluation at once and then whenever it has changed; ends with it. */
export function evaluationFeed(
  { events, evaluations }: { events: Events; evaluations: EvaluationRepository },
  id: string,
): AsyncIterableIterator<Evaluation> {
  const bell = events.bell('evaluation', id)
  return ringing(bell, async function* (wait) {
    let sent = ''
    do {
      const evaluation = await persistently(() => evaluations.find(id), bell)
      if (evaluation === null) return
      const state = JSON.stringify(evaluation)
      if (state === sent) continue
      sent = state
      yield evaluation
      if (isEnded(evaluation.state)) return
    } while (await wait())
  })
}
