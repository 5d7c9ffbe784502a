/** Names that people give: 1-200 characters, none of them a control character. */
import type { InputIssue } from './refusals.js'

const MAX_LENGTH = 200
const CONTROL = /\p{Cc}/u
const LONE_SURROGATE = /\p{Cs}/u
/** Tabs and line ends are at home in longer text, other control characters are not. */
const CONTROL_IN_TEXT = /[^\P{Cc}\t\n\r]/u

export function nameIssues(path: readonly string[], name: string): InputIssue[] {
  const length = [...name].length
  if (length < 1 || length > MAX_LENGTH) {
    return [{ path: [...path], message: `A name has 1 to ${String(MAX_LENGTH)} characters, not ${String(length)}.` }]
  }
  if (CONTROL.test(name)) return [{ path: [...path], message: 'A name holds no control characters.' }]
  return LONE_SURROGATE.test(name) ? [{ path: [...path], message: 'A name is well-formed Unicode.' }] : []
}

export function textIssues(path: readonly string[], text: string): InputIssue[] {
  if (!CONTROL_IN_TEXT.test(text) && !LONE_SURROGATE.test(text)) return []
  return [{ path: [...path], message: 'Text is well-formed and holds no control characters.' }]
}
