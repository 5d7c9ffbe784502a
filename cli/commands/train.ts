import {
  CreateDatasetVersionDocument,
  type HyperparametersInput,
  type SplitInput,
  StartTrainingRunDocument,
} from '../../client/documents.js'
import { accepted } from '../../client/errors.js'
import type { CommandContext } from '../context.js'
import { tellMissingTrainer } from '../missing-trainer.js'
import { CancelTrainingDocument } from '../operations.documents.js'
import { showTraining } from '../training-story.js'
import { findDataset } from './runs.js'
import { tellResult } from './watch.js'

export interface TrainOptions {
  readonly dataset: string
  readonly name?: string
  readonly cancelOnExit: boolean
  readonly hyperparameters: HyperparametersInput
  readonly split?: SplitInput
}

/**
 * `train`: freezes the dataset, unless its newest version is as it is now, starts a run on it and shows it. Ctrl-C leaves
 * the run alone (or cancels it, with `--cancel-on-exit`): it trains on the server, not here.
 */
export async function train(context: CommandContext, options: TrainOptions): Promise<void> {
  const { client, terminal, signal } = context
  const dataset = await findDataset(client, options.dataset)
  const { createDatasetVersion } = await client.request(CreateDatasetVersionDocument, {
    input: { datasetId: dataset.id, reuseSame: true, ...(options.split === undefined ? {} : { split: options.split }) },
  })
  const version = accepted(createDatasetVersion).datasetVersion
  const { startTrainingRun } = await client.request(StartTrainingRunDocument, {
    input: { datasetVersionId: version.id, name: options.name ?? null, hyperparameters: options.hyperparameters },
  })
  const run = accepted(startTrainingRun).trainingRun
  terminal.screen.line(`Run ${run.name} (${run.id}) on ${dataset.name}, version ${String(version.number)}`)
  await tellMissingTrainer(context)
  try {
    await showTraining({ ...context, screen: terminal.screen }, run.id)
  } catch (error) {
    if (!signal.aborted) throw error
    await leave(context, run.id, options.cancelOnExit)
    throw error
  }
  await tellResult(context, run.id)
}

async function leave({ client, terminal }: CommandContext, id: string, cancel: boolean): Promise<void> {
  if (!cancel) {
    terminal.screen.line(`\nThe run goes on. See it again with: npm run graft -- watch ${id}`)
    return
  }
  accepted((await client.request(CancelTrainingDocument, { id })).cancelTrainingRun)
  terminal.screen.line('\nThe run is cancelled.')
}
