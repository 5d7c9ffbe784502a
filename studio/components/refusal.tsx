/** What a mutation did not do, in the server's own words. */
import { Notice } from './controls.js'

interface Change {
  readonly data: unknown
  readonly error: Error | null
}

export interface Issue {
  readonly path: readonly string[]
  readonly message: string
}

/**
 * Undefined where the last answer was a success, or there is none yet. Issues are told in their own words: the message of
 * them all names the members of the input, which say nothing to people.
 * @param isBeside whether an issue stands beside its field already
 */
export function refusalOf({ data, error }: Change, isBeside: (issue: Issue) => boolean = () => false) {
  if (error !== null) return error.message
  const answer = answerIn(data)
  if (answer?.issues === undefined) return answer?.message
  const others = answer.issues.filter((issue) => !isBeside(issue))
  return others.length === 0 ? undefined : others.map(({ message }) => message).join(' ')
}

export function issuesOf({ data }: Change): readonly Issue[] {
  return answerIn(data)?.issues ?? []
}

function answerIn(data: unknown): { readonly message?: string; readonly issues?: readonly Issue[] } | undefined {
  return typeof data === 'object' && data !== null ? (Object.values(data)[0] as object | undefined) : undefined
}

export function Refusals({ of }: { of: readonly Change[] }) {
  const messages = of.flatMap((change) => refusalOf(change) ?? [])
  if (messages.length === 0) return null
  return <Notice tone="bad">{messages.join(' ')}</Notice>
}
