/** Outcomes as a file, page by page: there may be a great many. */
import { stringify } from 'csv-stringify/sync'
import { rankScores, type ScoredBy } from '../class-score.js'
import type { FiledOutcome } from './download.repository.js'

type Pages = AsyncIterable<readonly FiledOutcome[]>

/** Of each picture what it is, what it was taken for, its loss, and the probability of every class in class order. */
export async function* outcomesAsCsv(pages: Pages, { classNames }: ScoredBy): AsyncGenerator<string> {
  yield stringify([['file_name', 'actual', 'predicted', 'loss', ...classNames]], { escape_formulas: true })
  for await (const page of pages) {
    const rows = page.map(({ fileName, actual, predicted, loss, probabilities }) => [
      ...[fileName, classNames[actual], classNames[predicted], loss],
      ...probabilities,
    ])
    yield stringify(rows, { escape_formulas: true })
  }
}

/** An array of what the API shows of each outcome. */
export async function* outcomesAsJson(pages: Pages, scoredBy: ScoredBy): AsyncGenerator<string> {
  let separator = '['
  for await (const page of pages) {
    const items = page.map(({ fileName, actual, predicted, loss, probabilities }) =>
      JSON.stringify({
        fileName,
        actual: scoredBy.classNames[actual],
        predicted: scoredBy.classNames[predicted],
        loss,
        scores: rankScores(probabilities, scoredBy),
      }),
    )
    yield `${separator}${items.join(',')}`
    separator = ','
  }
  yield separator === '[' ? '[]' : ']'
}
