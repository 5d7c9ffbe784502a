/** The history paged to its end, and its first page beside its last and beside a request for nothing. */
import { ask, askData, quantile, spread } from './requests.js'

const PAGE = 50
const REQUESTS = 300
const NOTHING = { query: '{ __typename }' }

/** Twelve fields a run. */
const HISTORY = `query($first: Int!, $after: String, $orderBy: TrainingRunOrder) {
  trainingRuns(first: $first, after: $after, orderBy: $orderBy) {
    nodes {
      id name status attempts createdAt finishedAt
      hyperparameters { learningRate epochs }
      bestEpoch { number validationAccuracy }
      latestEpoch { number }
      datasetVersion { number }
    }
    pageInfo { hasNextPage endCursor }
  }
}`

interface HistoryPage {
  readonly trainingRuns: {
    readonly nodes: readonly { readonly id: string }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
  }
}

export interface Paging {
  /** Cells of a table. */
  readonly rows: readonly (readonly string[])[]
  /** The last page's p99 by the first's. */
  readonly ratio: number
  readonly pages: number
}

/** @throws Error where a run is missing or comes twice */
export async function measurePaging(url: string, orderBy: string, runs: number): Promise<Paging> {
  const { last, pages } = await pageToEnd(url, orderBy, runs)
  const asked = { nothing: NOTHING, first: pageAfter(null, orderBy), last: pageAfter(last, orderBy) }
  const times: Record<keyof typeof asked, number[]> = { nothing: [], first: [], last: [] }
  // In turns, so that all three meet the same machine.
  for (let i = 0; i < REQUESTS; i++) {
    for (const name of ['nothing', 'first', 'last'] as const) {
      times[name].push((await ask(url, asked[name])).milliseconds)
    }
  }
  const rows = [
    ['{ __typename }', ...spread(times.nothing)],
    [`${orderBy}, page 1`, ...spread(times.first)],
    [`${orderBy}, page ${String(pages)}`, ...spread(times.last)],
  ]
  return { rows, pages, ratio: quantile(times.last, 0.99) / quantile(times.first, 0.99) }
}

/** A page by what is sent for it, uncompressed and compressed: cells of a table. */
export async function measureSizes(url: string): Promise<string[]> {
  const sizes: string[] = []
  for (const encoding of ['identity', 'gzip', 'br']) {
    const { body } = await ask(url, { ...pageAfter(null, 'CREATED_AT_DESC'), encoding })
    sizes.push(`${(body.length / 1000).toFixed(1)} kB`)
  }
  return sizes
}

function pageAfter(after: string | null, orderBy: string) {
  return { query: HISTORY, variables: { first: PAGE, after, orderBy } }
}

/** @returns what the last page comes after, and how many there are */
async function pageToEnd(url: string, orderBy: string, runs: number): Promise<{ last: string | null; pages: number }> {
  const seen = new Set<string>()
  let last: string | null = null
  for (let pages = 1; ; pages++) {
    const { trainingRuns: page }: HistoryPage = await askData<HistoryPage>(url, pageAfter(last, orderBy))
    for (const { id } of page.nodes) seen.add(id)
    if (!page.pageInfo.hasNextPage) {
      if (seen.size !== runs) throw new Error(`${String(seen.size)} of ${String(runs)} runs were listed`)
      return { last, pages }
    }
    last = page.pageInfo.endCursor
  }
}
