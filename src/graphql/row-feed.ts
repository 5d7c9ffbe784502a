import { setTimeout as sleep } from 'node:timers/promises'
import type { Bell } from '../events/events.js'
import { persistently, ringing } from './streams.js'

export interface FollowedRow<Row> {
  /** Null once it was deleted, which ends the stream. */
  readonly find: () => Promise<Row | null>
  /** After such a row nothing comes. */
  readonly isOver: (row: Row) => boolean
  /** What a change must change to be sent; the whole row if left out. */
  readonly shownOf?: (row: Row) => unknown
  /** Between two reads; none if left out. */
  readonly leastGapMs?: number
}

/** A row at once and then whenever it has changed; ends with it. @param bell which rings for its changes */
export function rowFeed<Row>(
  bell: Bell,
  { find, isOver, shownOf = (row) => row, leastGapMs = 0 }: FollowedRow<Row>,
): AsyncIterableIterator<Row> {
  return ringing(bell, async function* (wait) {
    let sent = ''
    do {
      const row = await persistently(find, bell)
      if (row === null) return
      const shown = JSON.stringify(shownOf(row))
      if (shown === sent) continue
      sent = shown
      yield row
      if (isOver(row)) return
      if (leastGapMs > 0) await sleep(leastGapMs)
    } while (await wait())
  })
}
