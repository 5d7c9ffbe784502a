/** Every file below a folder, each once, in the order of their paths. */
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { compareCodePoints } from '../../domain/order.js'
import type { ImportRoots } from './import-roots.js'
import { isIgnored } from './layout.js'

export interface FoundFile {
  /** Relative to the folder, with `/` between the parts. */
  readonly path: string
  /** Resolved; undefined where it may not be read. */
  readonly realPath?: string
  readonly reason?: string
}

interface Walk {
  readonly roots: ImportRoots
  readonly signal: AbortSignal
  /** Resolved folders above the one that is being read: a link back to one of them would never end. */
  readonly above: ReadonlySet<string>
}

export async function walk(directory: string, roots: ImportRoots, signal: AbortSignal): Promise<FoundFile[]> {
  const files: FoundFile[] = []
  for await (const file of below(directory, '', { roots, signal, above: new Set([directory]) })) files.push(file)
  return files.sort((a, b) => compareCodePoints(a.path, b.path))
}

async function* below(directory: string, prefix: string, context: Walk): AsyncGenerator<FoundFile> {
  const names = await readdir(directory).catch(() => null)
  if (names === null) {
    yield { path: prefix.slice(0, -1) || '.', reason: 'The folder cannot be read: gone, or not ours to read.' }
    return
  }
  for (const name of names) {
    context.signal.throwIfAborted()
    if (isIgnored(name)) continue
    const path = `${prefix}${name}`
    const target = await targetOf(join(directory, name), context)
    if (target.kind === 'file') yield { path, realPath: target.realPath }
    else if (target.kind === 'refused') yield { path, reason: target.reason }
    else {
      const above = new Set([...context.above, target.realPath])
      yield* below(target.realPath, `${path}/`, { ...context, above })
    }
  }
}

type Target = { kind: 'file' | 'directory'; realPath: string } | { kind: 'refused'; reason: string }

async function targetOf(path: string, { roots, above }: Walk): Promise<Target> {
  try {
    const isLink = (await lstat(path)).isSymbolicLink()
    const realPath = isLink ? await realpath(path) : path
    if (isLink && !(await roots.contains(realPath))) {
      return { kind: 'refused', reason: 'It is a link that leads outside the folders that may be imported.' }
    }
    const found = await stat(realPath)
    if (found.isFile()) return { kind: 'file', realPath }
    if (!found.isDirectory()) return { kind: 'refused', reason: 'It is no file.' }
    if (above.has(realPath)) return { kind: 'refused', reason: 'It is a link to a folder that it lies in.' }
    return { kind: 'directory', realPath }
  } catch {
    return { kind: 'refused', reason: 'It cannot be read: missing, a broken link, or not ours to read.' }
  }
}
