/** Pictures that are asked about: a dataset's by id, a prediction's where it was kept, and those that are sent along. */
import type { Prediction } from '../database/generated/client.js'
import type { ImageSourceInput, ImageSourceService } from '../datasets/image-source.service.js'
import { isRefusal, notFound, type RefusalOf } from '../domain/refusals.js'
import { globalId, uuidOf } from '../graphql/ids.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { PredictionRepository } from './prediction.repository.js'

/** Exactly one member is there: the schema sees to it. */
export interface PictureChoice {
  readonly imageId?: string | null
  readonly predictionId?: string | null
  readonly base64?: string | null
}

export const PICTURE_KINDS = ['image', 'prediction'] as const

/** Of whom the picture is, by the row's id. */
export interface PictureOwner {
  readonly kind: (typeof PICTURE_KINDS)[number]
  readonly id: string
}

export interface KnownPicture {
  /** Null where it was sent along: nobody keeps it. */
  readonly owner: PictureOwner | null
  readonly bytes: Buffer
  /** What was asked, where it is a prediction's and that was not deleted. */
  readonly checkpointId: string | null
}

export type UnknownPicture = RefusalOf<
  'InvalidInput' | 'NotFound' | 'PictureNotKept' | 'UnreadableImage' | 'ImageTooLarge'
>

interface Rooms {
  readonly predictions: PredictionRepository
  readonly sources: ImageSourceService
  readonly storage: BlobStore
}

export class KnownPictures {
  constructor(private readonly rooms: Rooms) {}

  async find({ imageId, predictionId, base64 }: PictureChoice): Promise<KnownPicture | UnknownPicture> {
    if (typeof base64 === 'string') {
      const picture = await this.rooms.sources.read({ base64 })
      return isRefusal(picture) ? picture : { owner: null, bytes: picture.bytes, checkpointId: null }
    }
    if (typeof imageId === 'string') {
      const id = uuidOf(imageId, 'Image')
      return id === undefined ? notFound('image', imageId) : this.read({ kind: 'image', id })
    }
    const id = uuidOf(predictionId ?? '', 'Prediction')
    return id === undefined ? notFound('prediction', predictionId ?? '') : this.read({ kind: 'prediction', id })
  }

  async read(owner: PictureOwner): Promise<KnownPicture | UnknownPicture> {
    const { predictions, sources, storage } = this.rooms
    if (owner.kind === 'image') {
      const picture = await sources.read({ imageId: globalId('Image', owner.id) })
      return isRefusal(picture) ? picture : { owner, bytes: picture.bytes, checkpointId: null }
    }
    const prediction = await predictions.find(owner.id)
    if (prediction === null) return notFound('prediction', globalId('Prediction', owner.id))
    const source = await keptPicture(prediction, storage)
    if (source === null) return pictureNotKept('looked at again', 'Send it along as base64')
    const picture = await sources.read(source)
    return isRefusal(picture) ? picture : { owner, bytes: picture.bytes, checkpointId: prediction.checkpointId }
  }
}

/** A prediction's picture; null where it was not kept. */
export async function keptPicture(
  { imageId, imageSha256 }: Prediction,
  storage: BlobStore,
): Promise<ImageSourceInput | null> {
  if (imageId !== null) return { imageId: globalId('Image', imageId) }
  if ((await storage.stat(imageSha256)) === null) return null
  return { base64: (await storage.read(imageSha256)).toString('base64') }
}

/** @param wish what was to be done with it @param remedy what does it all the same */
export function pictureNotKept(wish: string, remedy: string): RefusalOf<'PictureNotKept'> {
  const message =
    `The picture of this prediction was not kept, so it cannot be ${wish}. ` +
    `${remedy}; with GRAFT_KEEP_PREDICTION_IMAGES=true later ones are kept.`
  return { refusal: 'PictureNotKept', message }
}
