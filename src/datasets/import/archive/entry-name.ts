/** Names in archives come from anyone. None of them is ever a path on a disk; hostile ones are not taken all the same. */
import { isIgnored } from '../layout.js'

const MAX_NAME_BYTES = 1_000
const MAX_SHOWN = 300

export type EntryName =
  | { readonly path: string }
  | { readonly path: string; readonly reason: string }
  /** A computer's leaving, or nothing: no file and no error. */
  | null

export function entryName(written: string): EntryName {
  const reason = hostility(written)
  if (reason !== undefined) return { path: shown(written), reason }
  const parts = written.split('/').filter((part) => part !== '' && part !== '.')
  return parts.length === 0 || parts.some(isIgnored) ? null : { path: parts.join('/') }
}

function hostility(name: string): string | undefined {
  if (/\p{Cc}/u.test(name)) return 'Its name holds control characters.'
  if (/[\p{Cs}\uFFFD]/u.test(name)) return 'Its name is no text.'
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `Its name has more than ${String(MAX_NAME_BYTES)} bytes.`
  if (name.includes('\\')) return 'Its name holds a backslash: folders are separated by "/".'
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'Its name is absolute: it must lie within the archive.'
  if (name.split('/').includes('..')) return 'Its name leads out of the archive.'
  return undefined
}

/** So that any name can be stored and read. */
function shown(name: string): string {
  const readable = name.replaceAll(/[\p{Cc}\p{Cs}]/gu, '\uFFFD')
  return [...readable].length > MAX_SHOWN ? `${[...readable].slice(0, MAX_SHOWN).join('')}…` : readable
}
