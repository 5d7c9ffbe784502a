/** One file of an import: read within bounds, checked, and its bytes put into storage. */
import { constants, open } from 'node:fs/promises'
import { ImageTooLargeError, UnreadableImageError } from '../../images/image.errors.js'
import type { ImageReader } from '../../images/image.reader.js'
import type { BlobStore } from '../../storage/blob-store.js'
import type { NewImage } from '../image-insertion.js'
import { placementOf } from './layout.js'
import type { FoundFile } from './walk.js'

/** What became of a file; a picture may yet turn out to be there already. */
export type Examined =
  { readonly fileName: string; readonly image: NewImage } | { readonly fileName: string; readonly reason: string }

export interface Examination {
  readonly datasetId: string
  readonly withSplits: boolean
  readonly reader: ImageReader
  readonly storage: BlobStore
  readonly maxImageBytes: number
}

export async function examine(file: FoundFile, context: Examination): Promise<Examined> {
  const fileName = file.path
  if (file.realPath === undefined) return { fileName, reason: file.reason ?? 'It cannot be read.' }
  const placement = placementOf(file.path, context.withSplits)
  if ('reason' in placement) return { fileName, reason: placement.reason }
  const bytes = await readBounded(file.realPath, context.maxImageBytes)
  if (typeof bytes === 'string') return { fileName, reason: bytes }
  try {
    const info = await context.reader.probe(bytes)
    const blob = await context.storage.put(bytes)
    return { fileName, image: { datasetId: context.datasetId, fileName, ...placement, ...info, ...blob } }
  } catch (error) {
    if (error instanceof UnreadableImageError || error instanceof ImageTooLargeError) {
      return { fileName, reason: error.message }
    }
    throw error
  }
}

/** The bytes, or why they cannot be had. The file may have become anything since it was found. */
async function readBounded(path: string, maxBytes: number): Promise<Buffer | string> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const found = await file.stat()
      if (!found.isFile()) return 'It is no file.'
      if (found.size > maxBytes) return `The file has more than ${String(maxBytes)} bytes.`
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch {
    return 'It cannot be read: missing, or not ours to read.'
  }
}
