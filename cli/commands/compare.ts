import type { CommandContext } from '../context.js'
import { CommandError } from '../exit-codes.js'
import { CompareRunsDocument, type CompareRunsQuery } from '../operations.documents.js'
import { percent, signed, table } from '../terminal.js'
import { findRun } from './runs.js'

type Comparison = Extract<CompareRunsQuery['compareTrainingRuns'], { readonly __typename: 'TrainingRunComparison' }>

/** `compare`: where runs differ, and their results against the first. */
export async function compareRuns({ client, terminal }: CommandContext, named: readonly string[]): Promise<void> {
  const ids = await Promise.all(named.map((name) => findRun(client, name)))
  const { compareTrainingRuns: comparison } = await client.request(CompareRunsDocument, { ids })
  if (comparison.__typename !== 'TrainingRunComparison') throw new CommandError(comparison.message)
  terminal.result(comparison, (screen) => {
    for (const line of linesOf(comparison)) screen.line(line)
  })
}

function linesOf({ runs, differences, results }: Comparison): string[] {
  const names = runs.map((run) => run.name)
  const labels = [...new Set(results.flatMap((result) => result.perClass.map((each) => each.label)))]
  const f1 = (label: string) => results.map((result) => result.perClass.find((each) => each.label === label))
  return [
    ...table(
      ['', ...names],
      [
        ['status', ...runs.map((run) => run.status)],
        ...differences.map(({ name, values }) => [name, ...values]),
        ['test accuracy', ...results.map((result) => percent(result.testAccuracy))],
        ['  against the first', ...results.map((result) => signed(result.testAccuracyDelta))],
        ['macro F1', ...results.map((result) => result.macroF1?.toFixed(4) ?? '–')],
        ['  against the first', ...results.map((result) => signed(result.macroF1Delta))],
        ...labels.map((label) => [`F1 of ${label}`, ...f1(label).map((each) => each?.f1Score.toFixed(4) ?? '–')]),
      ],
    ),
  ]
}
