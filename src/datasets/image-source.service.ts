/** From what a caller names as a picture to its bytes. */
import { notFound, type RefusalOf } from '../domain/refusals.js'
import { uuidOf } from '../graphql/ids.js'
import type { BlobStore } from '../storage/blob-store.js'
import { BlobCorruptError, BlobMissingError } from '../storage/storage.errors.js'
import type { ImageRepository } from './image.repository.js'

/** Exactly one member is there: the schema sees to it. */
export interface ImageSourceInput {
  readonly base64?: string
  readonly imageId?: string
}

export interface SourcePicture {
  readonly bytes: Buffer
  /** The row it came from, if it belongs to a dataset. */
  readonly imageId: string | null
  readonly fileName: string | null
}

export interface PictureLimits {
  readonly maxImageBytes: number
  readonly maxPixels: number
}

const DATA_PREFIX = /^data:[^,]{0,200},/
const BASE64 = /^[A-Za-z\d+/_-]*={0,2}$/

export class ImageSourceService {
  constructor(
    private readonly images: ImageRepository,
    private readonly storage: BlobStore,
    readonly limits: PictureLimits,
  ) {}

  read(source: ImageSourceInput): Promise<SourcePicture | RefusalOf<'NotFound' | 'UnreadableImage' | 'ImageTooLarge'>> {
    if (source.imageId !== undefined) return this.fromDataset(source.imageId)
    return Promise.resolve(this.fromBase64(source.base64 ?? ''))
  }

  tooLarge(message: string): RefusalOf<'ImageTooLarge'> {
    const { maxImageBytes, maxPixels } = this.limits
    return { refusal: 'ImageTooLarge', message, limitBytes: maxImageBytes, limitPixels: maxPixels }
  }

  private async fromDataset(imageId: string): Promise<SourcePicture | RefusalOf<'NotFound' | 'UnreadableImage'>> {
    const id = uuidOf(imageId, 'Image')
    const row = id === undefined ? null : await this.images.find(id)
    if (row === null) return notFound('image', imageId)
    try {
      return { bytes: await this.storage.read(row.sha256), imageId: row.id, fileName: row.fileName }
    } catch (error) {
      if (error instanceof BlobMissingError || error instanceof BlobCorruptError) return unreadable(error.message)
      throw error
    }
  }

  private fromBase64(text: string): SourcePicture | RefusalOf<'UnreadableImage' | 'ImageTooLarge'> {
    const encoded = text.replace(DATA_PREFIX, '').replace(/\s+/g, '')
    if (encoded.length * 0.75 > this.limits.maxImageBytes + 2) {
      return this.tooLarge(`The picture has more than ${String(this.limits.maxImageBytes)} bytes.`)
    }
    if (encoded === '' || !BASE64.test(encoded)) return unreadable('base64 holds no base64.')
    return { bytes: Buffer.from(encoded, 'base64'), imageId: null, fileName: null }
  }
}

export function unreadable(reason: string): RefusalOf<'UnreadableImage'> {
  return { refusal: 'UnreadableImage', message: `The picture cannot be read: ${reason}`, reason }
}
