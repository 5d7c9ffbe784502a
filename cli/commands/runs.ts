import type { TrainingRunStatus } from '../../client/documents.js'
import type { CommandContext } from '../context.js'
import { CommandError } from '../exit-codes.js'
import {
  FindDatasetDocument,
  type RunRowFragment,
  RunRowsDocument,
  RunsByNameDocument,
  type RunsByNameQuery,
  type TrainingRunOrder,
} from '../operations.documents.js'
import { percent, table } from '../terminal.js'

export interface RunsOptions {
  readonly dataset?: string
  readonly status?: TrainingRunStatus
  readonly best: boolean
  readonly limit: number
}

/** `runs`: the history, newest or best first. */
export async function listRuns({ client, terminal }: CommandContext, options: RunsOptions): Promise<void> {
  const orderBy: TrainingRunOrder = options.best ? 'VALIDATION_ACCURACY_DESC' : 'CREATED_AT_DESC'
  const datasetId = options.dataset === undefined ? null : (await findDataset(client, options.dataset)).id
  const filter = { datasetId, statuses: options.status === undefined ? null : [options.status] }
  const { trainingRuns } = await client.request(RunRowsDocument, { first: options.limit, filter, orderBy })
  terminal.result(trainingRuns.nodes, (screen) => {
    if (trainingRuns.nodes.length === 0) screen.line('There are no such runs.')
    else for (const line of table(HEAD, trainingRuns.nodes.map(rowOf))) screen.line(line)
  })
}

const HEAD = ['id', 'name', 'dataset', 'status', 'epoch', 'validation', 'test']

function rowOf(run: RunRowFragment): string[] {
  const { dataset, number } = run.datasetVersion
  const test = run.evaluation?.split === 'TEST' ? run.evaluation.report?.accuracy : null
  return [
    run.id,
    run.name,
    `${dataset.name} v${String(number)}`,
    run.status,
    run.latestEpoch === null ? '–' : String(run.latestEpoch.number),
    percent(run.bestEpoch?.validationAccuracy),
    percent(test),
  ]
}

export async function findDataset(client: CommandContext['client'], name: string) {
  const { dataset } = await client.request(FindDatasetDocument, { name })
  if (dataset === null) throw new CommandError(`There is no dataset "${name}".`)
  return dataset
}

/** A run by its id, or by its name where only one has it. */
export async function findRun(client: CommandContext['client'], named: string): Promise<string> {
  const found: string[] = []
  let after: string | null = null
  do {
    const { trainingRuns }: RunsByNameQuery = await client.request(RunsByNameDocument, { name: named, after })
    found.push(...trainingRuns.nodes.filter(({ name }) => name === named).map(({ id }) => id))
    after = trainingRuns.pageInfo.hasNextPage ? trainingRuns.pageInfo.endCursor : null
  } while (after !== null && found.length < 2)
  if (found.length > 1) throw new CommandError(`Several runs are named "${named}": give the id of one.`)
  return found[0] ?? named
}
