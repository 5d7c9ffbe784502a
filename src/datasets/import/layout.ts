/**
 * Labels and splits from how files lie: a folder per class; the same under train/, val|validation|valid/ and test/; or
 * flat files named label.number.ext, as Kaggle's dogs-vs-cats has them.
 */
import { nameIssues } from '../../domain/names.js'
import type { SplitName } from '../../domain/status.js'

export interface Placement {
  readonly label: string
  readonly folder: SplitName | null
}

const SPLIT_FOLDERS: ReadonlyMap<string, SplitName> = new Map([
  ['train', 'TRAIN'],
  ['val', 'VALIDATION'],
  ['validation', 'VALIDATION'],
  ['valid', 'VALIDATION'],
  ['test', 'TEST'],
])
const FLAT_NAME = /^(.+)\.\d+\.[^.]+$/

export const LAYOUTS =
  'Pictures lie in a folder per class (cat/1.jpg), in such folders under train/, val|validation|valid/ and test/ ' +
  '(train/cat/1.jpg), or are named label.number.ext (cat.17.jpg).'

/** Files that computers leave behind: no pictures, and no error. */
export function isIgnored(name: string): boolean {
  return name.startsWith('.') || ['__macosx', 'thumbs.db', 'desktop.ini'].includes(name.toLowerCase())
}

/**
 * @param paths of all files, relative, with `/` between the parts
 * @returns whether folders of those names are splits here, and not classes that happen to be called so ("train")
 */
export function hasSplitFolders(paths: readonly string[]): boolean {
  return paths.some((path) => {
    const [top = '', ...below] = path.split('/')
    if (below.length === 0 || !SPLIT_FOLDERS.has(top.toLowerCase())) return false
    return below.length > 1 || FLAT_NAME.test(below[0] ?? '')
  })
}

/** Where a file belongs, or the reason why that cannot be told. */
export function placementOf(path: string, withSplits: boolean): Placement | { reason: string } {
  const parts = path.split('/')
  const folder = withSplits && parts.length > 1 ? SPLIT_FOLDERS.get((parts[0] ?? '').toLowerCase()) : undefined
  const rest = folder === undefined ? parts : parts.slice(1)
  const label = rest.length > 1 ? rest[0] : FLAT_NAME.exec(rest[0] ?? '')?.[1]
  if (label === undefined) return { reason: `Its label cannot be told. ${LAYOUTS}` }
  const [issue] = nameIssues([], label)
  return issue === undefined ? { label, folder: folder ?? null } : { reason: `No label: ${issue.message}` }
}
