import type { ImageImport } from '../../database/generated/client.js'
import { invalidInput, notFound, type RefusalOf } from '../../domain/refusals.js'
import { uuidOf } from '../../graphql/ids.js'
import type { Queue } from '../../jobs/queue.js'
import type { DatasetRepository } from '../dataset.repository.js'
import type { ImportRepository } from './import.repository.js'
import type { ImportRoots } from './import-roots.js'

export class ImageImportService {
  constructor(
    private readonly rooms: {
      imports: ImportRepository
      datasets: DatasetRepository
      roots: ImportRoots
      queue: Queue
    },
  ) {}

  async start(input: {
    datasetId: string
    source: { directory?: string }
  }): Promise<ImageImport | RefusalOf<'InvalidInput' | 'NotFound' | 'DirectoryNotAllowed'>> {
    const { imports, datasets, roots, queue } = this.rooms
    const datasetId = uuidOf(input.datasetId, 'Dataset')
    if (datasetId === undefined || (await datasets.find(datasetId)) === null)
      return notFound('dataset', input.datasetId)
    const found = await roots.find(input.source.directory ?? '')
    if (found.kind === 'outside') {
      const message = 'The directory lies outside the folders that may be imported; GRAFT_IMPORT_ROOTS lists them.'
      return { refusal: 'DirectoryNotAllowed', message, allowed: [...roots.roots] }
    }
    if (found.kind === 'unusable') return invalidInput([{ path: ['source', 'directory'], message: found.reason }])
    const created = await imports.create({ datasetId, directory: found.path }, queue)
    return created ?? notFound('dataset', input.datasetId)
  }

  async cancel(importId: string): Promise<ImageImport | RefusalOf<'NotFound'>> {
    const id = uuidOf(importId, 'ImageImport')
    const row = id === undefined ? null : await this.rooms.imports.cancel(id)
    return row ?? notFound('import', importId)
  }
}
