import type { DatasetHealth } from '../database/generated/client.js'
import { IMAGE_SIZE } from '../domain/hyperparameters.js'
import { invalidInput, notFound, type RefusalOf } from '../domain/refusals.js'
import { uuidOf } from '../graphql/ids.js'
import type { InspectionRequestRepository } from './inspection-request.repository.js'

export class InspectionService {
  constructor(private readonly requests: InspectionRequestRepository) {}

  async inspect(input: {
    datasetId: string
    imageSize?: number | null
  }): Promise<DatasetHealth | RefusalOf<'InvalidInput' | 'NotFound'>> {
    const imageSize = input.imageSize ?? null
    if (imageSize !== null && !IMAGE_SIZE.safeParse(imageSize).success) {
      return invalidInput([{ path: ['imageSize'], message: 'A multiple of 32, 32-512.' }])
    }
    const id = uuidOf(input.datasetId, 'Dataset')
    const health = id === undefined ? null : await this.requests.ask(id, imageSize)
    return health ?? notFound('dataset', input.datasetId)
  }
}
