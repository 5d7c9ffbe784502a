import { stringify } from 'csv-stringify/sync'
import type { CommandContext } from '../context.js'
import { CommandError } from '../exit-codes.js'
import { findRun } from './runs.js'
import { readRun, type RunResult } from './watch.js'

export type Report = NonNullable<NonNullable<RunResult['evaluation']>['report']>

/** `report`: the per-class table of a run's evaluation, as text, JSON or CSV. */
export async function showReport(context: CommandContext, named: string, { csv }: { csv: boolean }): Promise<void> {
  const { client, terminal } = context
  const run = await readRun(client, await findRun(client, named))
  const report = run.evaluation?.report
  if (report === null || report === undefined)
    throw new CommandError(`The run "${run.name}" has no report: it is ${run.status}.`)
  terminal.result(run.evaluation, (screen) => screen.line(csv ? csvOf(report).trimEnd() : report.text.trimEnd()))
}

function csvOf(report: Report): string {
  const rows = report.perClass.map((row) => [row.label, row.precision, row.recall, row.f1Score, row.support])
  return stringify([['label', 'precision', 'recall', 'f1-score', 'support'], ...rows])
}
