/** Where each file of a collection belongs: told by going through all of it once, before anything is taken. */
import { CollectionError, NOTHING, type Collection } from './collection.js'
import { manifestKey, MAX_MANIFEST_BYTES, readManifest, type CsvManifest, type RejectedEntry } from './csv-manifest.js'
import { LayoutSurvey, placementOf, type Layout, type Placement } from './layout.js'

export interface Plan {
  /** Rejections of the manifest and files; the manifest itself is none. */
  readonly total: number
  /** Lines of a manifest that cannot be followed, and files that it names though they are not there. */
  readonly rejected: readonly RejectedEntry[]
  placementOf(path: string): Placement | { readonly reason: string }
  /** Its place in the import's order, the plan's rejections first; null for the manifest. */
  positionOf(path: string, index: number): number | null
}

export async function planImport(collection: Collection): Promise<Plan> {
  const survey = new LayoutSurvey()
  let count = 0
  for await (const { path } of collection.files(NOTHING)) {
    survey.add(path)
    count++
  }
  const layout = survey.layout(collection)
  if (layout.manifest === null) {
    return {
      total: count,
      rejected: [],
      placementOf: (path) => placementOf(path, layout),
      positionOf: (_, index) => index,
    }
  }
  return planByManifest(collection, { layout, path: layout.manifest, count })
}

async function planByManifest(
  collection: Collection,
  { layout, path: manifestPath, count }: { layout: Layout; path: string; count: number },
): Promise<Plan> {
  const found = await findManifest(collection, manifestPath)
  const inManifest = (path: string) =>
    manifestKey(layout.topFolder === null ? path : path.slice(layout.topFolder.length))
  const missing = new Set(found.manifest.placements.keys())
  for await (const { path } of collection.files(NOTHING)) missing.delete(inManifest(path))
  const rejected = [...found.manifest.badLines, ...[...missing].map(missingFile)]
  return {
    total: rejected.length + count - 1,
    rejected,
    placementOf: (path) => found.manifest.placements.get(inManifest(path)) ?? UNLISTED,
    positionOf: (path, index) =>
      path === manifestPath ? null : rejected.length + index - (index > found.index ? 1 : 0),
  }
}

const UNLISTED = { reason: 'manifest.csv does not list it.' }

function missingFile(fileName: string): RejectedEntry {
  return { fileName, reason: 'manifest.csv lists it, but it is not there.' }
}

/** @returns it, and which of the files it is */
async function findManifest(collection: Collection, path: string): Promise<{ manifest: CsvManifest; index: number }> {
  let index = 0
  for await (const file of collection.files((each) => (each === path ? MAX_MANIFEST_BYTES : 0))) {
    if (file.path === path) {
      const content = file.read === undefined ? file.reason : await file.read()
      if (content instanceof Buffer) return { manifest: await readManifest(content), index }
      throw new CollectionError(`${path} cannot be read. ${String(content ?? '')}`)
    }
    index++
  }
  throw new CollectionError(`${path} was there, and is gone. Import again.`)
}
