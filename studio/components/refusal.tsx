/** What a mutation did not do, in the server's own words. */
import { Notice } from './controls.js'

interface Change {
  readonly data: unknown
  readonly error: Error | null
}

/** Undefined where the last answer was a success, or there is none yet. */
export function refusalOf({ data, error }: Change): string | undefined {
  if (error !== null) return error.message
  if (typeof data !== 'object' || data === null) return undefined
  const [answer] = Object.values(data) as ({ readonly message?: string } | undefined)[]
  return answer?.message
}

export function Refusals({ of }: { of: readonly Change[] }) {
  const messages = of.flatMap((change) => refusalOf(change) ?? [])
  if (messages.length === 0) return null
  return <Notice tone="bad">{messages.join(' ')}</Notice>
}
