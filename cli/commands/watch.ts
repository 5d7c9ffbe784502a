import type { CommandContext } from '../context.js'
import { CommandError } from '../exit-codes.js'
import { RunResultDocument, type RunResultQuery } from '../operations.documents.js'
import { outcomeOf, showTraining } from '../training-story.js'
import { percent } from '../terminal.js'
import { findRun } from './runs.js'

export type RunResult = Extract<RunResultQuery['node'], { readonly __typename: 'TrainingRun' }>

/** `watch`: each epoch as it comes, from the first one on, until the run ends. */
export async function watchRun(context: CommandContext, named: string): Promise<void> {
  const { id } = await readRun(context.client, await findRun(context.client, named))
  await showTraining({ ...context, screen: context.terminal.screen }, id)
  await tellResult(context, id)
}

/** How the run ended. @throws CommandError where it did not succeed */
export async function tellResult({ client, terminal }: CommandContext, id: string): Promise<void> {
  const run = await readRun(client, id)
  terminal.result(run, (screen) => {
    const accuracy = run.bestEpoch === null ? '' : `, ${percent(run.bestEpoch.validationAccuracy)} on validation`
    screen.line(`  ${run.name}: ${run.status}${accuracy}`)
    const report = run.evaluation?.report?.text
    if (report !== undefined) screen.line(report.trimEnd().replace(/^/gm, '  '))
    if (run.status === 'SUCCEEDED') screen.line(`Classify with it: npm run graft -- classify PICTURE --run ${run.id}`)
  })
  if (run.status === 'FAILED' || run.status === 'CANCELLED') throw new CommandError(outcomeOf(run))
}

export async function readRun(client: CommandContext['client'], id: string): Promise<RunResult> {
  const { node } = await client.request(RunResultDocument, { id })
  if (node?.__typename !== 'TrainingRun') throw new CommandError(`There is no run "${id}".`)
  return node
}

/** A run's best checkpoint, the run named by id or name. @throws CommandError where there is none */
export async function bestCheckpointOf(client: CommandContext['client'], named: string): Promise<{ id: string }> {
  const run = await readRun(client, await findRun(client, named))
  if (run.bestCheckpoint === null) throw new CommandError(`The run "${run.name}" has no checkpoint.`)
  return run.bestCheckpoint
}
