import type { DatasetHealth } from '../database/generated/client.js'
import { invalidInput, notFound, type RefusalOf } from '../domain/refusals.js'
import { uuidOf } from '../graphql/ids.js'
import type { InspectionRequestRepository } from './inspection-request.repository.js'

const [LEAST_SIZE, GREATEST_SIZE, SIZE_STEP] = [32, 512, 32]

export class InspectionService {
  constructor(private readonly requests: InspectionRequestRepository) {}

  async inspect(input: {
    datasetId: string
    imageSize?: number | null
  }): Promise<DatasetHealth | RefusalOf<'InvalidInput' | 'NotFound'>> {
    const imageSize = input.imageSize ?? null
    if (imageSize !== null && !isSize(imageSize)) {
      const message = `A multiple of ${String(SIZE_STEP)}, ${String(LEAST_SIZE)}-${String(GREATEST_SIZE)}.`
      return invalidInput([{ path: ['imageSize'], message }])
    }
    const id = uuidOf(input.datasetId, 'Dataset')
    const health = id === undefined ? null : await this.requests.ask(id, imageSize)
    return health ?? notFound('dataset', input.datasetId)
  }
}

function isSize(size: number): boolean {
  return size >= LEAST_SIZE && size <= GREATEST_SIZE && size % SIZE_STEP === 0
}
