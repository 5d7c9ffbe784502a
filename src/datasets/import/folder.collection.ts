import { constants, open } from 'node:fs/promises'
import { tooManyBytes, type Collection, type ReadLimit, type SourceFile } from './collection.js'
import type { ImportRoots } from './import-roots.js'
import { walk, type FoundFile } from './walk.js'

/** @param directory resolved, within the roots */
export function folderCollection(directory: string, roots: ImportRoots, signal: AbortSignal): Collection {
  let found: Promise<FoundFile[]> | undefined
  return {
    name: `the folder ${directory}`,
    mayHaveTopFolder: false,
    async *files(limitOf) {
      found ??= walk(directory, roots, signal)
      for (const [index, file] of (await found).entries()) yield sourceFile(file, index, limitOf)
    },
  }
}

function sourceFile({ path, realPath, reason }: FoundFile, index: number, limitOf: ReadLimit): SourceFile {
  if (realPath === undefined) return { path, reason: reason ?? 'It cannot be read.' }
  const limit = limitOf(path, index)
  return limit === 0 ? { path } : { path, read: () => readBounded(realPath, limit) }
}

/** The file may have become anything since it was found. */
async function readBounded(path: string, limit: number): Promise<Buffer | string> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const found = await file.stat()
      if (!found.isFile()) return 'It is no file.'
      return found.size > limit ? tooManyBytes(limit) : await file.readFile()
    } finally {
      await file.close()
    }
  } catch {
    return 'It cannot be read: missing, or not ours to read.'
  }
}
