/** What may stand behind the ? of each page's address. Anything else is left out, as if it were not there. */
import type { SplitName, TrainingRunOrder, TrainingRunStatus } from '../client/documents.js'

type Search = Record<string, unknown>

export const RUN_STATUSES = [
  'QUEUED',
  'PREPARING',
  'RUNNING',
  'EVALUATING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
] as const satisfies readonly TrainingRunStatus[]
export const RUN_ORDERS = [
  'CREATED_AT_DESC',
  'CREATED_AT_ASC',
  'VALIDATION_ACCURACY_DESC',
  'TEST_ACCURACY_DESC',
] as const satisfies readonly TrainingRunOrder[]
export const SPLITS = ['TRAIN', 'VALIDATION', 'TEST'] as const satisfies readonly SplitName[]
export const DATASET_VIEWS = ['pictures', 'health', 'versions', 'imports'] as const
export type DatasetView = (typeof DATASET_VIEWS)[number]

export interface RunsSearch {
  readonly q?: string
  readonly status?: TrainingRunStatus
  readonly dataset?: string
  readonly order?: TrainingRunOrder
}

export function runsSearch(search: Search): RunsSearch {
  return {
    ...text('q', search['q']),
    ...choice('status', RUN_STATUSES, search['status']),
    ...text('dataset', search['dataset']),
    ...choice('order', RUN_ORDERS, search['order']),
  }
}

/**
 * Whose report is open where it is not the run's own, the cell of its confusion matrix, and whether its pictures are under
 * their heat maps.
 */
export interface RunSearch {
  readonly evaluation?: string
  readonly actual?: string
  readonly predicted?: string
  readonly heat?: true
}

export function runSearch(search: Search): RunSearch {
  return {
    ...text('evaluation', search['evaluation']),
    ...text('actual', search['actual']),
    ...text('predicted', search['predicted']),
    ...(search['heat'] === true ? { heat: true } : {}),
  }
}

export interface CompareSearch {
  readonly runs: readonly string[]
}

export function compareSearch(search: Search): CompareSearch {
  const runs = Array.isArray(search['runs']) ? search['runs'] : []
  return { runs: runs.filter((id): id is string => typeof id === 'string') }
}

/** What the form begins with: a version, a run whose hyperparameters it takes over, and what is changed of them. */
export interface TrainSearch {
  readonly version?: string
  readonly like?: string
  /** Hyperparameters by name, as they are written in GraphQL. */
  readonly changes?: Readonly<Record<string, string>>
}

export function trainSearch(search: Search): TrainSearch {
  const { changes } = search
  const pairs = typeof changes === 'object' && changes !== null ? Object.entries(changes) : []
  const known = pairs.map(([name, value]) => [name, String(value)])
  return {
    ...text('version', search['version']),
    ...text('like', search['like']),
    ...(known.length === 0 ? {} : { changes: Object.fromEntries(known) as Record<string, string> }),
  }
}

export interface DatasetSearch {
  readonly view?: DatasetView
  readonly label?: string
  readonly version?: string
  readonly split?: SplitName
}

export function datasetSearch(search: Search): DatasetSearch {
  return {
    ...choice('view', DATASET_VIEWS, search['view']),
    ...text('label', search['label']),
    ...text('version', search['version']),
    ...choice('split', SPLITS, search['split']),
  }
}

export interface ClassifySearch {
  readonly alias?: string
  readonly checkpoint?: string
}

export function classifySearch(search: Search): ClassifySearch {
  return { ...text('alias', search['alias']), ...text('checkpoint', search['checkpoint']) }
}

function text<Name extends string>(name: Name, value: unknown): Partial<Record<Name, string>> {
  return typeof value === 'string' && value !== '' ? ({ [name]: value } as Record<Name, string>) : {}
}

function choice<Name extends string, Value extends string>(
  name: Name,
  allowed: readonly Value[],
  value: unknown,
): Partial<Record<Name, Value>> {
  const found = allowed.find((each) => each === value)
  return found === undefined ? {} : ({ [name]: found } as Record<Name, Value>)
}
