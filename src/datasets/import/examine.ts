/** One file of an import: checked, and its bytes put into storage. */
import { ImageTooLargeError, UnreadableImageError } from '../../images/image.errors.js'
import type { ImageReader } from '../../images/image.reader.js'
import type { BlobStore } from '../../storage/blob-store.js'
import type { NewImage } from '../image-insertion.js'
import type { SourceFile } from './collection.js'
import type { Plan } from './plan.js'

/** What became of a file; a picture may yet turn out to be there already. */
export type Examined =
  { readonly fileName: string; readonly image: NewImage } | { readonly fileName: string; readonly reason: string }

export interface Examination {
  readonly datasetId: string
  readonly plan: Pick<Plan, 'placementOf'>
  readonly reader: ImageReader
  readonly storage: BlobStore
}

export async function examine({ path: fileName, reason, read }: SourceFile, context: Examination): Promise<Examined> {
  if (reason !== undefined) return { fileName, reason }
  const placement = context.plan.placementOf(fileName)
  if ('reason' in placement) return { fileName, reason: placement.reason }
  if (read === undefined) throw new Error(`The bytes of ${fileName} were not asked for`)
  const bytes = await read()
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
