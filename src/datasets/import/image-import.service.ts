import type { ImageImport } from '../../database/generated/client.js'
import { invalidInput, isRefusal, notFound, type RefusalOf } from '../../domain/refusals.js'
import { uuidOf } from '../../graphql/ids.js'
import type { Queue } from '../../jobs/queue.js'
import type { UploadService } from '../../uploads/upload.service.js'
import type { DatasetRepository } from '../dataset.repository.js'
import type { ImportRepository } from './import.repository.js'
import type { ImportRoots } from './import-roots.js'

type Refused = RefusalOf<'InvalidInput' | 'NotFound' | 'DirectoryNotAllowed'>

export class ImageImportService {
  constructor(
    private readonly rooms: {
      imports: ImportRepository
      datasets: DatasetRepository
      roots: ImportRoots
      sending: UploadService
      queue: Queue
    },
  ) {}

  async start(input: {
    datasetId: string
    source: { directory?: string; uploadId?: string }
  }): Promise<ImageImport | Refused> {
    const { imports, datasets, queue } = this.rooms
    const datasetId = uuidOf(input.datasetId, 'Dataset')
    if (datasetId === undefined || (await datasets.find(datasetId)) === null)
      return notFound('dataset', input.datasetId)
    const { uploadId, directory } = input.source
    const source = uploadId === undefined ? await this.directory(directory ?? '') : await this.upload(uploadId)
    if (isRefusal(source)) return source
    const created = await imports.create({ datasetId, ...source }, queue)
    return created ?? notFound('dataset', input.datasetId)
  }

  private async directory(path: string): Promise<{ directory: string } | Refused> {
    const { roots } = this.rooms
    const found = await roots.find(path)
    if (found.kind === 'outside') {
      const message = 'The directory lies outside the folders that may be imported; GRAFT_IMPORT_ROOTS lists them.'
      return { refusal: 'DirectoryNotAllowed', message, allowed: [...roots.roots] }
    }
    if (found.kind === 'unusable') return invalidInput([{ path: ['source', 'directory'], message: found.reason }])
    return { directory: found.path }
  }

  private async upload(id: string): Promise<{ uploadId: string } | Refused> {
    const row = await this.rooms.sending.complete(id, ['source', 'uploadId'])
    return isRefusal(row) ? row : { uploadId: row.id }
  }

  async cancel(importId: string): Promise<ImageImport | RefusalOf<'NotFound'>> {
    const id = uuidOf(importId, 'ImageImport')
    const row = id === undefined ? null : await this.rooms.imports.cancel(id)
    return row ?? notFound('import', importId)
  }
}
