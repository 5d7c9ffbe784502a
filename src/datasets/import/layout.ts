/**
 * Labels and splits from how files lie: a folder per class; the same under train/, val|validation|valid/ and test/; flat
 * files named label.number.ext, as Kaggle's dogs-vs-cats has them; or a manifest.csv at the top that says it.
 */
import { nameIssues } from '../../domain/names.js'
import type { SplitName } from '../../domain/status.js'

export interface Placement {
  readonly label: string
  readonly folder: SplitName | null
}

export interface Layout {
  /** The one folder that all files lie in, where it is no part of the layout. */
  readonly topFolder: string | null
  /** Whether folders called train or test are splits here, and not classes that happen to be called so. */
  readonly withSplits: boolean
  /** Path of the manifest, if there is one. */
  readonly manifest: string | null
}

const SPLIT_FOLDERS: ReadonlyMap<string, SplitName> = new Map([
  ['train', 'TRAIN'],
  ['val', 'VALIDATION'],
  ['validation', 'VALIDATION'],
  ['valid', 'VALIDATION'],
  ['test', 'TEST'],
])
const FLAT_NAME = /^(.+)\.\d+\.[^.]+$/
const MANIFEST = 'manifest.csv'

export const LAYOUTS =
  'Pictures lie in a folder per class (cat/1.jpg), in such folders under train/, val|validation|valid/ and test/ ' +
  '(train/cat/1.jpg), are named label.number.ext (cat.17.jpg), or are listed in a manifest.csv (file,label[,split]).'

/** Files that computers leave behind: no pictures, and no error. */
export function isIgnored(name: string): boolean {
  return name.startsWith('.') || ['__macosx', 'thumbs.db', 'desktop.ini'].includes(name.toLowerCase())
}

export function splitNamed(name: string): SplitName | undefined {
  return SPLIT_FOLDERS.get(name.toLowerCase())
}

/** Looks at paths as they come and keeps none, so that a million of them cost nothing. */
export class LayoutSurvey {
  #count = 0
  /** Undefined before the first path, null once two differ. */
  #sharedTop: string | null | undefined
  readonly #asTheyLie = new Hints()
  readonly #belowTheTop = new Hints()

  add(path: string): void {
    const parts = path.split('/')
    const [first = '', ...below] = parts
    const top = below.length > 0 ? first : null
    this.#count++
    this.#sharedTop = this.#sharedTop === undefined || this.#sharedTop === top ? top : null
    this.#asTheyLie.add(parts)
    this.#belowTheTop.add(below)
  }

  /** @param mayHaveTopFolder as people's archives have it: pets/cat/1.jpg, pets/dog/2.jpg */
  layout({ mayHaveTopFolder }: { mayHaveTopFolder: boolean }): Layout {
    const top = mayHaveTopFolder ? (this.#sharedTop ?? null) : null
    const below = this.#belowTheTop
    const isLookedThrough =
      top !== null && splitNamed(top) === undefined && (below.manifest !== null || below.labelled > this.#count / 2)
    const { hasSplits: withSplits, manifest } = isLookedThrough ? below : this.#asTheyLie
    const topFolder = isLookedThrough ? top : null
    return {
      topFolder,
      withSplits,
      manifest: topFolder === null || manifest === null ? manifest : `${topFolder}/${manifest}`,
    }
  }
}

/** What paths tell where the layout begins at their first part. */
class Hints {
  hasSplits = false
  /** How many have a label. */
  labelled = 0
  manifest: string | null = null

  add([first = '', ...below]: readonly string[]): void {
    if (below.length > 0 || FLAT_NAME.test(first)) this.labelled++
    else if (first.toLowerCase() === MANIFEST) this.manifest ??= first
    if (below.length > 0 && splitNamed(first) !== undefined && (below.length > 1 || FLAT_NAME.test(below[0] ?? '')))
      this.hasSplits = true
  }
}

/** Where a file belongs, or the reason why that cannot be told. */
export function placementOf(
  path: string,
  layout: Pick<Layout, 'topFolder' | 'withSplits'>,
): Placement | { reason: string } {
  const parts = path.split('/').slice(layout.topFolder === null ? 0 : 1)
  const folder = layout.withSplits && parts.length > 1 ? splitNamed(parts[0] ?? '') : undefined
  const rest = folder === undefined ? parts : parts.slice(1)
  const label = rest.length > 1 ? rest[0] : FLAT_NAME.exec(rest[0] ?? '')?.[1]
  if (label === undefined) return { reason: `Its label cannot be told. ${LAYOUTS}` }
  const [issue] = nameIssues([], label)
  return issue === undefined ? { label, folder: folder ?? null } : { reason: `No label: ${issue.message}` }
}
