import type { CommandContext } from '../context.js'
import { CommandError } from '../exit-codes.js'
import { RunResultDocument, type RunResultQuery } from '../operations.documents.js'
import { showTraining } from '../training-story.js'
import { percent } from '../terminal.js'
import { findRun } from './runs.js'

export type RunResult = Extract<RunResultQuery['node'], { readonly __typename: 'TrainingRun' }>

/** `watch`: each epoch as it comes, from the first one on, until the run ends. */
export async function watchRun(context: CommandContext, named: string): Promise<void> {
  const id = await findRun(context.client, named)
  await showTraining({ ...context, screen: context.terminal.screen }, id)
  await tellResult(context, id)
}

/** How the run ended. @throws CommandError where it did not succeed */
export async function tellResult({ client, terminal }: CommandContext, id: string): Promise<void> {
  const run = await readRun(client, id)
  terminal.result(run, (screen) => {
    screen.line(`  ${run.name}: ${run.status}, ${percent(run.bestEpoch?.validationAccuracy)} on validation`)
    const report = run.evaluation?.report?.text
    if (report !== undefined) screen.line(report.trimEnd().replace(/^/gm, '  '))
  })
  if (run.status === 'FAILED' || run.status === 'CANCELLED') {
    throw new CommandError([run.status, run.failure?.message, run.failure?.suggestion?.text].filter(Boolean).join(': '))
  }
}

export async function readRun(client: CommandContext['client'], id: string): Promise<RunResult> {
  const { node } = await client.request(RunResultDocument, { id })
  if (node?.__typename !== 'TrainingRun') throw new CommandError(`There is no run "${id}".`)
  return node
}
