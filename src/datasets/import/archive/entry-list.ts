/** The files of an archive as they come: which are taken, under which name, and of which the bytes are wanted. */
import { tooManyBytes, type ReadLimit } from '../collection.js'
import { entryName } from './entry-name.js'

export interface EntryFacts {
  /** As written in the archive. */
  readonly name: string
  /** As announced in the archive: what is read is bounded by it. */
  readonly byteSize: number
  /** Why it cannot be taken, if so: a link, encrypted. */
  readonly reason?: string | undefined
}

export interface ListedEntry {
  readonly path: string
  readonly reason?: string
  readonly isWanted: boolean
}

export class EntryList {
  readonly #seen = new Set<string>()
  #index = 0

  constructor(private readonly limitOf: ReadLimit) {}

  /** Null for what is no file. */
  add({ name, byteSize, reason }: EntryFacts): ListedEntry | null {
    const named = entryName(name)
    if (named === null) return null
    const index = this.#index++
    const { path } = named
    const why = 'reason' in named ? named.reason : (reason ?? this.#repetition(path))
    if (why !== undefined) return { path, reason: why, isWanted: false }
    const limit = this.limitOf(path, index)
    return limit > 0 && byteSize > limit
      ? { path, reason: tooManyBytes(limit), isWanted: false }
      : { path, isWanted: limit > 0 }
  }

  #repetition(path: string): string | undefined {
    if (this.#seen.has(path)) return 'The archive has a file of that name already: the first one counts.'
    this.#seen.add(path)
    return undefined
  }
}
