/** From what a caller names as a picture to its bytes. */
import { isRefusal, notFound, type RefusalOf } from '../domain/refusals.js'
import { uuidOf } from '../graphql/ids.js'
import { openUpload } from '../uploads/upload.bytes.js'
import type { UploadRepositories } from '../uploads/uploads.module.js'
import { ImageTooLargeError, UnreadableImageError } from '../images/image.errors.js'
import type { BlobStore } from '../storage/blob-store.js'
import { BlobLostError } from '../storage/storage.errors.js'
import type { ImageFetch } from './image-fetch.js'
import type { ImageRepository } from './image.repository.js'

/** Exactly one member is there: the schema sees to it. */
export interface ImageSourceInput {
  readonly base64?: string
  readonly file?: Promise<SentFile>
  readonly uploadId?: string
  readonly imageId?: string
  readonly url?: string
}

/** A file of a multipart request, as it arrives. */
export interface SentFile {
  readonly filename: string
  createReadStream(): AsyncIterable<unknown>
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

export type SourceRefusal = RefusalOf<'InvalidInput' | 'NotFound' | 'UnreadableImage' | 'ImageTooLarge'>

interface Rooms extends UploadRepositories {
  readonly images: ImageRepository
  readonly fetchImage: ImageFetch
  readonly storage: BlobStore
}

export class ImageSourceService {
  constructor(
    private readonly rooms: Rooms,
    readonly limits: PictureLimits,
  ) {}

  /** An input's member `image`. */
  read(source: ImageSourceInput): Promise<SourcePicture | SourceRefusal> {
    if (source.imageId !== undefined) return this.fromDataset(source.imageId)
    if (source.uploadId !== undefined) return this.fromUpload(source.uploadId)
    if (source.file !== undefined) return this.fromFile(source.file)
    if (source.url !== undefined) return this.fromUrl(source.url)
    return Promise.resolve(this.fromBase64(source.base64 ?? ''))
  }

  tooLarge(message: string): RefusalOf<'ImageTooLarge'> {
    const { maxImageBytes, maxPixels } = this.limits
    return { refusal: 'ImageTooLarge', message, limitBytes: maxImageBytes, limitPixels: maxPixels }
  }

  private async fromDataset(imageId: string): Promise<SourcePicture | RefusalOf<'NotFound' | 'UnreadableImage'>> {
    const id = uuidOf(imageId, 'Image')
    const row = id === undefined ? null : await this.rooms.images.find(id)
    if (row === null) return notFound('image', imageId)
    try {
      return { bytes: await this.rooms.storage.read(row.sha256), imageId: row.id, fileName: row.fileName }
    } catch (error) {
      if (error instanceof BlobLostError) return unreadable(error.message)
      throw error
    }
  }

  private async fromUpload(uploadId: string): Promise<SourcePicture | SourceRefusal> {
    const row = await this.rooms.sending.complete(uploadId, ['image', 'uploadId'])
    if (isRefusal(row)) return row
    if (row.byteSize > this.limits.maxImageBytes) return this.tooManyBytes()
    const file = await openUpload(this.rooms, row.id)
    return { bytes: await file.read(0, file.byteSize), imageId: null, fileName: row.fileName }
  }

  private async fromFile(sent: Promise<SentFile>): Promise<SourcePicture | SourceRefusal> {
    try {
      const file = await sent
      const chunks: Uint8Array[] = []
      for await (const chunk of file.createReadStream()) chunks.push(chunk as Uint8Array)
      return { bytes: Buffer.concat(chunks), imageId: null, fileName: file.filename }
    } catch (error) {
      // Both are the sender's: a file beyond the limit, and one that is missing or broke off.
      const status = error instanceof Error && 'status' in error ? error.status : undefined
      if (status === 413) return this.tooManyBytes()
      if (typeof status === 'number' && status < 500) return unreadable('The file did not arrive whole.')
      throw error
    }
  }

  private async fromUrl(url: string): Promise<SourcePicture | SourceRefusal> {
    try {
      return { bytes: await this.rooms.fetchImage(url), imageId: null, fileName: null }
    } catch (error) {
      if (error instanceof UnreadableImageError) return unreadable(error.message)
      if (error instanceof ImageTooLargeError) return this.tooManyBytes()
      throw error
    }
  }

  private tooManyBytes(): RefusalOf<'ImageTooLarge'> {
    return this.tooLarge(`The picture has more than ${String(this.limits.maxImageBytes)} bytes.`)
  }

  private fromBase64(text: string): SourcePicture | RefusalOf<'UnreadableImage' | 'ImageTooLarge'> {
    const encoded = text.replace(DATA_PREFIX, '').replace(/\s+/g, '')
    if (encoded.length * 0.75 > this.limits.maxImageBytes + 2) {
      return this.tooManyBytes()
    }
    if (encoded === '' || !BASE64.test(encoded)) return unreadable('base64 holds no base64.')
    return { bytes: Buffer.from(encoded, 'base64'), imageId: null, fileName: null }
  }
}

export function unreadable(reason: string): RefusalOf<'UnreadableImage'> {
  return { refusal: 'UnreadableImage', message: `The picture cannot be read: ${reason}`, reason }
}
