/** The files of a folder as they will lie in an archive: paths from the folder down, nothing read yet. */
import { openAsBlob } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { FileInFolder } from '../client/tar.js'

export interface FoundFile extends FileInFolder {
  /** Milliseconds since 1970. */
  readonly changedAt: number
}

/** Links are followed by nobody: an archive holds what lies in the folder itself. */
export async function filesBelow(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return Promise.all(
    paths.map(async (path) => ({
      path: relative(folder, path).split(sep).join('/'),
      blob: await openAsBlob(path),
      changedAt: (await stat(path)).mtimeMs,
    })),
  )
}
