/** How large a request may be: most of a large one must be pictures. */
import type { GraphQLError } from 'graphql'
import { codedError } from './errors.js'

export interface BodyLimits {
  readonly bodyBytes: number
  /** Of them outside `base64` values. */
  readonly bodyTextBytes: number
}

/** What is wrong with a request's raw JSON, found before it is parsed: parsing is what a hostile body would cost. */
export function bodyError(raw: Buffer, limits: BodyLimits): GraphQLError | undefined {
  if (raw.length > limits.bodyBytes) return tooLarge(`The request is larger than ${String(limits.bodyBytes)} bytes.`)
  if (raw.length <= limits.bodyTextBytes) return undefined
  if (raw.length - base64Bytes(raw) <= limits.bodyTextBytes) return undefined
  return tooLarge(`The request holds more than ${String(limits.bodyTextBytes)} bytes outside base64 values.`)
}

function tooLarge(message: string): GraphQLError {
  return codedError('BAD_USER_INPUT', message, { http: { status: 413 } })
}

/** Bytes in values of keys `base64`, and of variables that the query gives to a member `base64`. */
function base64Bytes(raw: Buffer): number {
  const names = new Set(['base64', ...variablesForBase64(raw).slice(0, MAX_NAMES)])
  let bytes = 0
  for (const name of names) {
    for (const at of occurrences(raw, `"${name}"`)) bytes += valueLength(raw, at + name.length + 2)
  }
  return bytes
}

function variablesForBase64(raw: Buffer): string[] {
  return occurrences(raw, 'base64').flatMap((at) => {
    const following = raw.subarray(at, at + 200).toString('latin1')
    const [, name] = /^base64(?:\s|,|\\[nrt])*:(?:\s|,|\\[nrt])*\$(\w+)/.exec(following) ?? []
    return name === undefined ? [] : [name]
  })
}

/** More than these would be no GraphQL request but an attempt to make this search slow. */
const MAX_OCCURRENCES = 500
const MAX_NAMES = 20

function occurrences(raw: Buffer, text: string): number[] {
  const found: number[] = []
  for (
    let at = raw.indexOf(text);
    at >= 0 && found.length < MAX_OCCURRENCES;
    at = raw.indexOf(text, at + text.length)
  ) {
    found.push(at)
  }
  return found
}

/** Length of the string after `:` at this place; 0 where there is none. Base64 needs no escapes but `\/`. */
function valueLength(raw: Buffer, at: number): number {
  const colon = skipSpace(raw, at)
  if (raw[colon] !== 0x3a) return 0
  const quote = skipSpace(raw, colon + 1)
  if (raw[quote] !== 0x22) return 0
  const end = raw.indexOf(0x22, quote + 1)
  return end < 0 ? 0 : end - quote - 1
}

function skipSpace(raw: Buffer, from: number): number {
  let at = from
  while (raw[at] === 0x20 || raw[at] === 0x0a || raw[at] === 0x0d || raw[at] === 0x09) at++
  return at
}
