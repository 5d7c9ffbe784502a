import type { Image } from '../database/generated/client.js'
import { nameIssues } from '../domain/names.js'
import { invalidInput, isRefusal, notFound, type RefusalOf } from '../domain/refusals.js'
import { uuidOf } from '../graphql/ids.js'
import { ImageTooLargeError, UnreadableImageError } from '../images/image.errors.js'
import type { ImageInfo, ImageReader } from '../images/image.reader.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { DatasetRepository } from './dataset.repository.js'
import { unreadable, type ImageSourceInput, type ImageSourceService } from './image-source.service.js'
import type { ImageRepository } from './image.repository.js'

export interface AddImage {
  readonly datasetId: string
  readonly label: string
  readonly image: ImageSourceInput
  readonly fileName?: string | null
}

type Refused = RefusalOf<'InvalidInput' | 'NotFound' | 'UnreadableImage' | 'ImageTooLarge'>

export class ImageService {
  constructor(
    private readonly rooms: {
      images: ImageRepository
      datasets: DatasetRepository
      sources: ImageSourceService
      reader: ImageReader
      storage: BlobStore
    },
  ) {}

  async add(input: AddImage): Promise<Image | Refused> {
    const { datasets, sources, storage, images } = this.rooms
    const fileIssues = typeof input.fileName === 'string' ? nameIssues(['fileName'], input.fileName) : []
    const issues = [...nameIssues(['label'], input.label), ...fileIssues]
    if (issues.length > 0) return invalidInput(issues)
    const datasetId = uuidOf(input.datasetId, 'Dataset')
    if (datasetId === undefined || (await datasets.find(datasetId)) === null)
      return notFound('dataset', input.datasetId)
    const picture = await sources.read(input.image)
    if (isRefusal(picture)) return picture
    const info = await this.probe(picture.bytes)
    if (isRefusal(info)) return info
    const blob = await storage.put(picture.bytes)
    const fileName = input.fileName ?? `${input.label}/${blob.sha256}.${info.format}`
    const found = await images.addOrFind({ datasetId, label: input.label, fileName, folder: null, ...info, ...blob })
    if (found === null) return notFound('dataset', input.datasetId)
    if (found.row.label === input.label) return found.row
    const message = `The same bytes are "${found.row.fileName}" with the label "${found.row.label}" already.`
    return invalidInput([{ path: ['image'], message }])
  }

  private async probe(bytes: Buffer): Promise<ImageInfo | RefusalOf<'UnreadableImage' | 'ImageTooLarge'>> {
    try {
      return await this.rooms.reader.probe(bytes)
    } catch (error) {
      if (error instanceof UnreadableImageError) return unreadable(error.message)
      if (error instanceof ImageTooLargeError) return this.rooms.sources.tooLarge(error.message)
      throw error
    }
  }
}
