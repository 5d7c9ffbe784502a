import type { CommandContext } from '../context.js'
import { CommandError } from '../exit-codes.js'
import { findRun } from './runs.js'
import { readRun } from './watch.js'

/** `report`: the per-class table of a run's evaluation, as text, JSON or CSV. */
export async function showReport(context: CommandContext, named: string, { csv }: { csv: boolean }): Promise<void> {
  const { client, terminal, signal } = context
  const run = await readRun(client, await findRun(client, named))
  const { report, downloadUrl } = run.evaluation ?? {}
  if (!report || !downloadUrl) throw new CommandError(`The run "${run.name}" has no report: it is ${run.status}.`)
  const text = csv ? await download(downloadUrl, signal) : report.text
  terminal.result(run.evaluation, (screen) => screen.line(text.trimEnd()))
}

async function download(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal })
  if (!response.ok) throw new CommandError(`${url} answered ${String(response.status)}.`)
  return response.text()
}
