import type { Prediction } from '../database/generated/client.js'
import type { ImageService } from '../datasets/image.service.js'
import { nameIssues } from '../domain/names.js'
import { invalidInput, isRefusal, notFound, type RefusalOf } from '../domain/refusals.js'
import { uuidOf } from '../graphql/ids.js'
import type { BlobStore } from '../storage/blob-store.js'
import { keptPicture, pictureNotKept } from './known-pictures.js'
import type { PredictionRepository } from './prediction.repository.js'

export interface Feedback {
  readonly predictionId: string
  readonly correctLabel: string
  readonly addToDatasetId?: string | null
}

type Refused = RefusalOf<'InvalidInput' | 'NotFound' | 'PictureNotKept'>

interface Rooms {
  readonly predictions: PredictionRepository
  readonly pictures: ImageService
  readonly storage: BlobStore
}

export class FeedbackService {
  constructor(private readonly rooms: Rooms) {}

  async record(input: Feedback): Promise<Prediction | Refused> {
    const issues = nameIssues(['correctLabel'], input.correctLabel)
    if (issues.length > 0) return invalidInput(issues)
    const id = uuidOf(input.predictionId, 'Prediction')
    const prediction = id === undefined ? null : await this.rooms.predictions.find(id)
    if (prediction === null) return notFound('prediction', input.predictionId)
    // The picture first: if we die in between, asking again does the rest.
    const refused = await this.#addPicture(prediction, input)
    if (refused !== null) return refused
    const recorded = await this.rooms.predictions.setCorrectLabel(prediction.id, input.correctLabel)
    return recorded ?? notFound('prediction', input.predictionId)
  }

  async #addPicture(prediction: Prediction, { addToDatasetId, correctLabel }: Feedback): Promise<Refused | null> {
    if (typeof addToDatasetId !== 'string') return null
    const image = await keptPicture(prediction, this.rooms.storage)
    if (image === null) return pictureNotKept('added to a dataset', 'Send it with addImage')
    const added = await this.rooms.pictures.add({ datasetId: addToDatasetId, label: correctLabel, image })
    if (!isRefusal(added)) return null
    if (added.refusal === 'NotFound') return added
    return invalidInput([{ path: ['addToDatasetId'], message: added.message }])
  }
}
