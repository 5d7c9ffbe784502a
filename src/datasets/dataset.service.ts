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
    return created ?? nameTaken(input.name)
  }

  /** What is left out, or null, stays; an empty description takes it away. */
  async update(input: {
    datasetId: string
    name?: string | null
    description?: string | null
  }): Promise<Dataset | RefusalOf<'InvalidInput' | 'NotFound' | 'NameTaken'>> {
    const { name, description } = input
    const issues = [
      ...(typeof name === 'string' ? nameIssues(['name'], name) : []),
      ...textIssues(['description'], description ?? ''),
    ]
    if (issues.length > 0) return invalidInput(issues)
    const id = uuidOf(input.datasetId, 'Dataset')
    const changes = {
      ...(typeof name === 'string' && { name }),
      ...(typeof description === 'string' && { description: description === '' ? null : description }),
    }
    const updated = id === undefined ? 'missing' : await this.datasets.update(id, changes)
    if (updated === 'missing') return notFound('dataset', input.datasetId)
    return updated === 'name taken' ? nameTaken(name ?? '') : updated
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

function nameTaken(name: string): RefusalOf<'NameTaken'> {
  return { refusal: 'NameTaken', message: `There is a dataset "${name}" already.`, name }
}
