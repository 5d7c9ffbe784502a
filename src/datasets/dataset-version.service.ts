import type { DatasetVersion } from '../database/generated/client.js'
import { writeManifest } from '../domain/manifest.js'
import { compareCodePoints } from '../domain/order.js'
import { invalidInput, isRefusal, notFound, type InputIssue } from '../domain/refusals.js'
import { SPLIT_NAMES } from '../domain/status.js'
import { uuidOf } from '../graphql/ids.js'
import type { BlobStore } from '../storage/blob-store.js'
import type {
  DatasetVersionRepository,
  Moment,
  NewVersion,
  Picture,
  VersionRefusal,
} from './dataset-version.repository.js'
import { splitChoice, splitIssues, type SplitInput } from './split-choice.js'
import { duplicatesOf, type DuplicateEvidence } from './duplicate-evidence.js'
import { splitInGroups } from './grouped-split.js'
import { splitPictures, type Placed, type SplitPlan } from './splits.js'

export interface VersionInput {
  readonly datasetId: string
  readonly split?: SplitInput | null
  readonly classNames?: readonly string[] | null
  readonly seed?: number | null
  readonly keepDuplicatesTogether?: DuplicateEvidence | null
  /** Asks for the newest version where another would be the same. */
  readonly reuseSame?: boolean | null
}

export interface CreatedVersion {
  readonly version: DatasetVersion
  /** Null where they were not to be kept together. */
  readonly duplicates: KeptDuplicates | null
}

export interface KeptDuplicates {
  readonly groupCount: number
  readonly imageCount: number
}

const MAX_SEED = 2 ** 31 - 1

export class DatasetVersionService {
  constructor(
    private readonly versions: DatasetVersionRepository,
    private readonly storage: BlobStore,
  ) {}

  async create(input: VersionInput): Promise<CreatedVersion | VersionRefusal> {
    const datasetId = uuidOf(input.datasetId, 'Dataset')
    if (datasetId === undefined) return notFound('dataset', input.datasetId)
    let duplicates: KeptDuplicates | null = null
    const freeze = async (pictures: readonly Picture[], moment: Moment): Promise<NewVersion | VersionRefusal> => {
      const chosen = await choose({ pictures, moment }, input)
      if (isRefusal(chosen)) return chosen
      ;({ duplicates } = chosen)
      return this.describe(chosen.placed, chosen.plan)
    }
    const created = await this.versions.create(datasetId, freeze, { reuseSame: input.reuseSame ?? false })
    if (created === null) return notFound('dataset', input.datasetId)
    return isRefusal(created) ? created : { version: created, duplicates }
  }

  private async describe(
    placed: Placed<Picture>[],
    { classNames, seed }: { classNames: readonly string[]; seed: number },
  ): Promise<NewVersion> {
    // The manifest's order: a row's position is its line.
    placed.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
    const manifest = writeManifest({ classNames: [...classNames], entries: placed })
    const { sha256: digest } = await this.storage.put(Buffer.from(manifest))
    const images = placed.map(({ id, classIndex, split }) => ({ imageId: id, classIndex, split }))
    return { digest, classNames: [...classNames], counts: countsOf(placed, classNames.length), seed, images }
  }
}

interface Chosen {
  readonly placed: Placed<Picture>[]
  readonly plan: SplitPlan
  readonly duplicates: KeptDuplicates | null
}

async function choose(
  { pictures, moment }: { pictures: readonly Picture[]; moment: Moment },
  input: VersionInput,
): Promise<Chosen | VersionRefusal> {
  const labels = [...new Set(pictures.map((picture) => picture.label))].sort(compareCodePoints)
  const issues = [...inputIssues(input, labels), ...pictureIssues(input, pictures, labels)]
  if (issues.length > 0) return invalidInput(issues)
  const plan = { classNames: input.classNames ?? labels, choice: splitChoice(input.split), seed: input.seed ?? 0 }
  if (!input.keepDuplicatesTogether) {
    const placed = splitPictures(pictures, plan)
    return isRefusal(placed) ? placed : { placed, plan, duplicates: null }
  }
  const groups = await duplicatesOf(pictures, input.keepDuplicatesTogether, moment)
  if (isRefusal(groups)) return groups
  const split = splitInGroups(pictures, groups, plan)
  return isRefusal(split) ? split : { placed: split.placed, plan, duplicates: split }
}

function countsOf(placed: readonly Placed<Picture>[], classCount: number): Record<string, number[]> {
  const counts = Object.fromEntries(SPLIT_NAMES.map((name) => [name, Array<number>(classCount).fill(0)]))
  for (const { split, classIndex } of placed) {
    const ofSplit = counts[split]
    if (ofSplit !== undefined) ofSplit[classIndex] = (ofSplit[classIndex] ?? 0) + 1
  }
  return counts
}

function inputIssues(input: VersionInput, labels: readonly string[]): InputIssue[] {
  const seed = input.seed ?? 0
  const seedIssues =
    seed >= 0 && seed <= MAX_SEED ? [] : [{ path: ['seed'], message: `A seed is between 0 and ${String(MAX_SEED)}.` }]
  return [
    ...splitIssues(input.split),
    ...classIssues(input.classNames ?? [], labels),
    ...seedIssues,
    ...duplicateIssues(input),
  ]
}

function duplicateIssues({ keepDuplicatesTogether, split }: VersionInput): InputIssue[] {
  if (!keepDuplicatesTogether || split?.fromFolders !== true) return []
  return [{ path: ['keepDuplicatesTogether'], message: 'Folders say already which part each picture plays.' }]
}

function classIssues(classNames: readonly string[], labels: readonly string[]): InputIssue[] {
  return classNames.flatMap((label, i) => {
    const path = ['classNames', String(i)]
    if (!labels.includes(label)) return [{ path, message: `The dataset has no pictures of "${label}".` }]
    return classNames.indexOf(label) === i ? [] : [{ path, message: `"${label}" is named twice.` }]
  })
}

/** What no split could help with. */
function pictureIssues(input: VersionInput, pictures: readonly Picture[], labels: readonly string[]): InputIssue[] {
  if (pictures.length === 0) return [{ path: ['datasetId'], message: 'The dataset has no pictures yet: import some.' }]
  const classNames = input.classNames ?? labels
  const classCount = new Set(classNames).size
  if (classCount < 2) {
    const path = [input.classNames ? 'classNames' : 'datasetId']
    return [{ path, message: `A classifier needs two classes or more, not ${String(classCount)}.` }]
  }
  if (input.split?.fromFolders !== true) return []
  if (pictures.some((picture) => picture.folder !== null && classNames.includes(picture.label))) return []
  const message = 'No picture lay in a folder train/, val|validation|valid/ or test/ when it was first imported.'
  return [{ path: ['split', 'fromFolders'], message }]
}
