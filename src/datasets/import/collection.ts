/** What an import reads from: a folder or an archive. It can be gone through again, and its files come in the same order. */
export interface SourceFile {
  /** Relative to the collection, with `/` between the parts. */
  readonly path: string
  /** Why it cannot be taken, where that is known without its bytes. */
  readonly reason?: string
  /** The bytes, or why they cannot be had; missing where they were not asked for. Once, before the next file. */
  readonly read?: () => Promise<Buffer | string>
}

/** How many bytes of a file may be read at most; 0 where they are not needed. `index` counts all files, from 0. */
export type ReadLimit = (path: string, index: number) => number

export interface Collection {
  /** For people: `the folder /srv/pets`. */
  readonly name: string
  /** Whether a single folder at the top, with all in it, is no part of the layout. */
  readonly mayHaveTopFolder: boolean
  /**
   * Computers' leavings are left out.
   * @throws CollectionError, StorageError
   */
  files(limitOf: ReadLimit): AsyncIterable<SourceFile>
}

/** Nothing can be imported from it: the message says why, and what to do. */
export class CollectionError extends Error {
  override readonly name = 'CollectionError'
}

export const NOTHING: ReadLimit = () => 0

export function tooManyBytes(limit: number): string {
  return `The file has more than ${String(limit)} bytes.`
}
