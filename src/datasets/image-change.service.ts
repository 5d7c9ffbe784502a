import type { Dataset, Image } from '../database/generated/client.js'
import { nameIssues } from '../domain/names.js'
import { invalidInput, notFound, type InputIssue, type RefusalOf } from '../domain/refusals.js'
import { globalId, uuidOf } from '../graphql/ids.js'
import type { ImageChangeRepository } from './image-change.repository.js'

type Refused = RefusalOf<'InvalidInput' | 'NotFound'>

const MOST_IMAGES = 1_000

export class ImageChangeService {
  constructor(private readonly changes: ImageChangeRepository) {}

  /** All of them or none. */
  async relabel(input: { imageIds: readonly string[]; label: string }): Promise<Image[] | Refused> {
    const issues = [...countIssues(input.imageIds), ...nameIssues(['label'], input.label)]
    if (issues.length > 0) return invalidInput(issues)
    const ids = uuidsOf(input.imageIds)
    if ('refusal' in ids) return ids
    const changed = await this.changes.relabel(ids.uuids, input.label)
    return 'missing' in changed ? notFound('picture', globalId('Image', changed.missing)) : changed
  }

  /** All of them or none; the ids that were given, each once. */
  async remove(input: { imageIds: readonly string[] }): Promise<string[] | Refused> {
    const issues = countIssues(input.imageIds)
    if (issues.length > 0) return invalidInput(issues)
    const ids = uuidsOf(input.imageIds)
    if ('refusal' in ids) return ids
    const refused = await this.changes.remove(ids.uuids)
    return refused === null ? [...new Set(input.imageIds)] : notFound('picture', globalId('Image', refused.missing))
  }

  async rename(input: {
    datasetId: string
    label: string
    newLabel: string
    merge?: boolean | null
  }): Promise<{ dataset: Dataset; imageCount: number } | Refused | RefusalOf<'NameTaken'>> {
    const { datasetId, label, newLabel } = input
    const issues = nameIssues(['newLabel'], newLabel)
    if (issues.length > 0) return invalidInput(issues)
    const id = uuidOf(datasetId, 'Dataset')
    const merge = input.merge ?? false
    const renamed = id === undefined ? 'missing' : await this.changes.rename({ datasetId: id, label, newLabel, merge })
    if (renamed === 'missing') return notFound('dataset', datasetId)
    if (renamed === 'no class') {
      return invalidInput([{ path: ['label'], message: `The dataset has no pictures of "${label}".` }])
    }
    return renamed === 'name taken' ? classTaken(newLabel) : renamed
  }
}

function countIssues(imageIds: readonly string[]): InputIssue[] {
  const count = imageIds.length
  if (count >= 1 && count <= MOST_IMAGES) return []
  return [{ path: ['imageIds'], message: `Give 1 to ${String(MOST_IMAGES)} pictures, not ${String(count)}.` }]
}

function uuidsOf(imageIds: readonly string[]): { uuids: string[] } | RefusalOf<'NotFound'> {
  const uuids = new Set<string>()
  for (const imageId of imageIds) {
    const uuid = uuidOf(imageId, 'Image')
    if (uuid === undefined) return notFound('picture', imageId)
    uuids.add(uuid)
  }
  return { uuids: [...uuids] }
}

function classTaken(name: string): RefusalOf<'NameTaken'> {
  const message = `There is a class "${name}" already; with merge: true the two become one, for good.`
  return { refusal: 'NameTaken', message, name }
}
