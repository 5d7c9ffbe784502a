import type { DatasetVersion, Evaluation } from '../database/generated/client.js'
import type { DatasetVersionRepository } from '../datasets/dataset-version.repository.js'
import { invalidInput, notFound, type InputIssue, type RefusalOf } from '../domain/refusals.js'
import type { SplitName } from '../domain/status.js'
import { uuidOf } from '../graphql/ids.js'
import { checkpointTrunkUnavailable } from '../runs/stored-trunk.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { EvaluationRequestRepository } from './evaluation-request.repository.js'

interface Rooms {
  readonly requests: EvaluationRequestRepository
  readonly versions: DatasetVersionRepository
  readonly storage: BlobStore
}

export interface EvaluateCheckpoint {
  readonly checkpointId: string
  readonly datasetVersionId: string
  readonly split?: SplitName | null
}

type Refused = RefusalOf<'InvalidInput' | 'NotFound' | 'TrunkUnavailable'>

export class EvaluationService {
  constructor(private readonly rooms: Rooms) {}

  async evaluate(input: EvaluateCheckpoint): Promise<Evaluation | Refused> {
    const { requests, versions, storage } = this.rooms
    const checkpointId = uuidOf(input.checkpointId, 'Checkpoint')
    const checkpoint = checkpointId === undefined ? null : await requests.checkpoint(checkpointId)
    if (checkpointId === undefined || checkpoint === null) return notFound('checkpoint', input.checkpointId)
    const versionId = uuidOf(input.datasetVersionId, 'DatasetVersion')
    const [version = null] = versionId === undefined ? [] : await versions.byIds([versionId])
    if (version === null) return notFound('dataset version', input.datasetVersionId)
    const split = input.split ?? 'TEST'
    const issues = [...classIssues(version, checkpoint.classNames), ...(await this.#splitIssues(version, split))]
    if (issues.length > 0) return invalidInput(issues)
    if ((await storage.stat(checkpoint.trunkSha256)) === null) {
      return checkpointTrunkUnavailable(`Storage has no file ${checkpoint.trunkSha256}.`)
    }
    const created = await requests.create({ checkpointId, datasetVersionId: version.id, split })
    if (created === 'checkpoint gone') return notFound('checkpoint', input.checkpointId)
    return created === 'version gone' ? notFound('dataset version', input.datasetVersionId) : created
  }

  async #splitIssues({ id, number }: DatasetVersion, split: SplitName): Promise<InputIssue[]> {
    if (await this.rooms.requests.hasPictures(id, split)) return []
    return [{ path: ['split'], message: `Version ${String(number)} has no pictures in ${split}.` }]
  }
}

/** The order of the classes may differ: outcomes follow the version's. */
function classIssues(version: DatasetVersion, classNames: readonly string[]): InputIssue[] {
  const known = new Set(classNames)
  if (version.classNames.length === known.size && version.classNames.every((label) => known.has(label))) return []
  const message = `Its classes are ${list(version.classNames)}, but the checkpoint's are ${list(classNames)}.`
  return [{ path: ['datasetVersionId'], message }]
}

const NAMED_AT_MOST = 10

function list(labels: readonly string[]): string {
  const named = labels.slice(0, NAMED_AT_MOST).map((label) => `"${label}"`)
  const more = labels.length - named.length
  return named.join(', ') + (more > 0 ? ` and ${String(more)} more` : '')
}
