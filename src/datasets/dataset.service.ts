import type { Dataset } from '../database/generated/client.js'
import { nameIssues, textIssues } from '../domain/names.js'
import { invalidInput, notFound, type RefusalOf } from '../domain/refusals.js'
import { uuidOf } from '../graphql/ids.js'
import type { DatasetRemovalRepository } from './dataset-removal.repository.js'
import type { DatasetRepository } from './dataset.repository.js'

export class DatasetService {
  constructor(
    private readonly datasets: DatasetRepository,
    private readonly removal: DatasetRemovalRepository,
  ) {}

  async create(input: {
    name: string
    description?: string | null
  }): Promise<Dataset | RefusalOf<'InvalidInput' | 'NameTaken'>> {
    const description = input.description ?? null
    const issues = [...nameIssues(['name'], input.name), ...textIssues(['description'], description ?? '')]
    if (issues.length > 0) return invalidInput(issues)
    const created = await this.datasets.create({ name: input.name, description })
    if (created !== null) return created
    return { refusal: 'NameTaken', message: `There is a dataset "${input.name}" already.`, name: input.name }
  }

  async delete(datasetId: string): Promise<{ deletedId: string } | RefusalOf<'NotFound' | 'InUse'>> {
    const id = uuidOf(datasetId, 'Dataset')
    const removed = id === undefined ? 'missing' : await this.removal.remove(id)
    if (removed === 'missing') return notFound('dataset', datasetId)
    if (removed === 'removed') return { deletedId: datasetId }
    const message = 'Runs, aliases or other datasets still need it; see usedBy, and end or move those first.'
    return { refusal: 'InUse', message, usedBy: removed.usedBy }
  }
}
