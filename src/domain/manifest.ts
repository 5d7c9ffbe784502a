/**
 * The manifest of a dataset version: the canonical text of what a run trains on. Its sha256 is the version's digest and
 * its name in storage, so equal content has an equal digest on any machine.
 *
 * One JSON line with the class names in order, then one line a picture: `sha256 classIndex SPLIT`, ordered by sha256.
 */
import { SPLIT_NAMES, type SplitName } from './status.js'

export interface ManifestEntry {
  sha256: string
  classIndex: number
  split: SplitName
}

export interface Manifest {
  classNames: string[]
  entries: ManifestEntry[]
}

export function writeManifest(manifest: Manifest): string {
  const lines = manifest.entries.map((entry) => `${entry.sha256} ${String(entry.classIndex)} ${entry.split}`).sort()
  return [JSON.stringify(manifest.classNames), ...lines, ''].join('\n')
}

export function readManifest(text: string): Manifest {
  const [head = '[]', ...lines] = text.trimEnd().split('\n')
  const entries = lines.map((line): ManifestEntry => {
    const [sha256 = '', classIndex = '', split = ''] = line.split(' ')
    if (!(SPLIT_NAMES as readonly string[]).includes(split)) throw new Error(`Not a manifest line: ${line}`)
    return { sha256, classIndex: Number(classIndex), split: split as SplitName }
  })
  return { classNames: JSON.parse(head) as string[], entries }
}
