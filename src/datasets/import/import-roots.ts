/** Which folders may be imported. Whatever a path resolves to counts, links followed, never how it is written. */
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'

export type Directory =
  | { readonly kind: 'directory'; readonly path: string }
  /** Inside the roots, but missing or a file. */
  | { readonly kind: 'unusable'; readonly reason: string }
  | { readonly kind: 'outside' }

export class ImportRoots {
  constructor(readonly roots: readonly string[]) {}

  async find(directory: string): Promise<Directory> {
    if (directory.includes('\0')) return { kind: 'outside' }
    const path = await resolved(resolve(directory))
    if (!(await this.contains(path))) return { kind: 'outside' }
    const found = await stat(path).catch(() => undefined)
    if (found === undefined) return { kind: 'unusable', reason: `There is no folder ${directory}.` }
    if (!found.isDirectory()) return { kind: 'unusable', reason: `${directory} is a file, not a folder.` }
    return { kind: 'directory', path }
  }

  /** @param path resolved, without links */
  async contains(path: string): Promise<boolean> {
    const roots = await Promise.all(this.roots.map((root) => resolved(root)))
    return roots.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep))
  }
}

/** The real path, as far as it exists; what does not exist is taken as written. */
async function resolved(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(await resolved(parent), basename(path))
  }
}
