/**
 * Files of the data folder that can be had again: copies of blobs that lie elsewhere, thumbnails. They stay within a budget:
 * what was not used for longest goes first. Several processes may share a folder. Whoever uses a copy holds a hard link of
 * its own, which no eviction takes away.
 */
import { link, mkdir, open, readdir, rm, stat, utimes, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { draftName, sweepDrafts } from './draft.js'
import { createFileGuard, nullIfMissing, unlessThere } from './file.errors.js'

/** Between two looks at the whole folder a process adds at most this part of the budget. */
const TRIM_EVERY = 1 / 16
const TRIM_TO = 15 / 16

export interface LocalCopies {
  /** Gives a path of the caller's own, and removes what lies there afterwards. */
  withDraft<Result>(use: (path: string) => Promise<Result>): Promise<Result>
  /** Makes `path` the copy, if there is one. */
  borrow(name: string, path: string): Promise<boolean>
  /** For reading; null if there is no copy. The caller closes it. */
  open(name: string): Promise<FileHandle | null>
  /** From now on `path`'s bytes are the copy, which nobody may change. */
  keep(name: string, path: string): Promise<void>
  discard(name: string): Promise<void>
}

/** Of whoever writes what is to become a copy, too. */
export const guard = createFileGuard({
  full: 'The disk of the data folder (GRAFT_DATA_DIR) is full: free some space on it.',
  unavailable: 'Check that GRAFT_DATA_DIR is a folder that Graft may read and write.',
})

export async function createLocalCopies(directory: string, budgetBytes: number): Promise<LocalCopies> {
  const drafts = join(directory, 'drafts')
  const copies = join(directory, 'files')
  await guard.run(async () => {
    for (const folder of [drafts, copies]) await mkdir(folder, { recursive: true })
    await sweepDrafts(drafts)
  })
  const path = (name: string): string => join(copies, name)
  let addedBytes = budgetBytes
  return {
    open: (name) =>
      guard.run(async () => {
        const file = await open(path(name)).catch(nullIfMissing)
        const now = new Date()
        await file?.utimes(now, now)
        return file
      }),
    withDraft: async (use) => {
      const draft = join(drafts, draftName())
      try {
        return await use(draft)
      } finally {
        await rm(draft, { force: true }).catch(() => undefined)
      }
    },
    borrow: (name, borrowed) =>
      guard.run(async () => {
        const found = await link(path(name), borrowed).then(() => true, nullIfMissing)
        if (found === null) return false
        const now = new Date()
        await utimes(borrowed, now, now)
        return true
      }),
    keep: (name, kept) =>
      guard.run(async () => {
        const { size } = await stat(kept)
        // One that takes the place of most others would soon be thrown out itself.
        if (size > budgetBytes / 2) return
        await link(kept, path(name)).catch(unlessThere)
        addedBytes += size
        if (addedBytes < budgetBytes * TRIM_EVERY) return
        addedBytes = 0
        await trim(copies, budgetBytes)
      }),
    discard: (name) => guard.run(() => rm(path(name), { force: true })),
  }
}

async function trim(directory: string, budgetBytes: number): Promise<void> {
  const copies: { path: string; size: number; usedAt: number }[] = []
  for (const name of await readdir(directory)) {
    const path = join(directory, name)
    const facts = await stat(path).catch(nullIfMissing)
    if (facts !== null) copies.push({ path, size: facts.size, usedAt: facts.mtimeMs })
  }
  let bytes = copies.reduce((sum, { size }) => sum + size, 0)
  if (bytes <= budgetBytes * TRIM_TO) return
  for (const { path, size } of copies.sort((a, b) => a.usedAt - b.usedAt)) {
    if (bytes <= budgetBytes * TRIM_TO) return
    await rm(path, { force: true })
    bytes -= size
  }
}
