/** Runs side by side: curves over each other, in what they differ, and what came out, class by class. */
import { Link, useSearch } from '@tanstack/react-router'
import { useQueries } from '@tanstack/react-query'
import type { CSSProperties } from 'react'
import type { Client } from '../../../../client/client.js'
import { useApi, useAsk } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Chart, type Series } from '../../../components/chart.js'
import { Empty, Notice } from '../../../components/controls.js'
import { difference, percent, points } from '../../../components/format.js'
import { nameOf } from '../hyperparameters.js'
import { CompareDocument, type CompareQuery, RunCurveDocument, type RunCurveQuery } from '../queries/runs.documents.js'
import './compare-page.css'

const COLUMN_REM = 9.5

type Comparison = Extract<CompareQuery['compareTrainingRuns'], { __typename: 'TrainingRunComparison' }>
type CurveEpoch = Extract<NonNullable<RunCurveQuery['node']>, { __typename: 'TrainingRun' }>['epochs'][number]

export function ComparePage() {
  const { runs } = useSearch({ from: '/compare' })
  const query = useAsk('runs', CompareDocument, { ids: runs })
  if (runs.length < 2) {
    return (
      <Empty title="Choose what to compare">
        <p>Tick two or more runs in the list.</p>
        <Link to="/runs" search={{}}>
          All runs
        </Link>
      </Empty>
    )
  }
  return (
    <>
      <h1>{runs.length} runs side by side</h1>
      <Answer query={query}>
        {({ compareTrainingRuns: result }) =>
          result.__typename === 'TrainingRunComparison' ? (
            <SideBySide comparison={result} />
          ) : (
            <Notice tone="bad">{result.message}</Notice>
          )
        }
      </Answer>
    </>
  )
}

function SideBySide({ comparison }: { comparison: Comparison }) {
  return (
    <>
      <Curves runs={comparison.runs} />
      <section className="card stack">
        <h2>Results against the first</h2>
        <Results comparison={comparison} />
      </section>
      <section className="card stack">
        <h2>In what they differ</h2>
        {comparison.differences.length === 0 ? (
          <p>In nothing: all hyperparameters are the same.</p>
        ) : (
          <Differences comparison={comparison} />
        )}
      </section>
    </>
  )
}

function Curves({ runs }: { runs: Comparison['runs'] }) {
  const { client } = useApi()
  const curves = useQueries({
    queries: runs.map(({ id }) => ({ queryKey: ['runs', 'curve', id], queryFn: () => readCurve(client, id) })),
  })
  const longest = Math.max(0, ...curves.map(({ data }) => data?.length ?? 0))
  const xs = Array.from({ length: longest }, (_, index) => index + 1)
  const seriesOf = (value: (epoch: CurveEpoch) => number): Series[] =>
    runs.map(({ name }, index) => ({
      name: runs.filter((run) => run.name === name).length > 1 ? `${name} (${String(index + 1)})` : name,
      colour: index,
      values: xs.map((number) => {
        const epoch = curves[index]?.data?.find((each) => each.number === number)
        return epoch === undefined ? null : value(epoch)
      }),
    }))
  return (
    <div className="grid">
      <section className="card">
        <Chart title="Validation loss" xs={xs} series={seriesOf((epoch) => epoch.validationLoss)} />
      </section>
      <section className="card">
        <Chart
          title="Validation accuracy"
          xs={xs}
          series={seriesOf((epoch) => epoch.validationAccuracy)}
          format={(value) => percent(value, 1)}
        />
      </section>
    </div>
  )
}

/** A hundred epochs at a time, until there are no more. */
async function readCurve(client: Client, id: string): Promise<CurveEpoch[]> {
  const epochs: CurveEpoch[] = []
  for (;;) {
    const { node } = await client.request(RunCurveDocument, { id, afterEpoch: epochs.at(-1)?.number ?? 0 })
    if (node?.__typename !== 'TrainingRun' || node.epochs.length === 0) return epochs
    epochs.push(...node.epochs)
  }
}

function Results({ comparison }: { comparison: Comparison }) {
  const { runs, results } = comparison
  const labels = [...new Set(results.flatMap((result) => result.perClass.map((each) => each.label)))]
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label="Results">
      <table className="table compared" style={widthFor(comparison.runs)}>
        <RunHeadings runs={runs} />
        <tbody>
          <tr>
            <th scope="row">accuracy on test</th>
            {results.map(({ run, testAccuracy, testAccuracyDelta }) => (
              <Value key={run.id} value={percent(testAccuracy)} delta={changed(testAccuracyDelta, points)} />
            ))}
          </tr>
          <tr>
            <th scope="row">macro F1</th>
            {results.map(({ run, macroF1, macroF1Delta }) => (
              <Value key={run.id} value={macroF1?.toFixed(4) ?? '–'} delta={changed(macroF1Delta, difference)} />
            ))}
          </tr>
          {labels.map((label) => (
            <tr key={label}>
              <th scope="row">F1 of {label}</th>
              {results.map(({ run, perClass }) => {
                const figures = perClass.find((each) => each.label === label)
                const delta = changed(figures?.f1Delta ?? null, difference)
                return <Value key={run.id} value={figures?.f1Score.toFixed(4) ?? '–'} delta={delta} />
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Columns keep their width: where they do not fit, the table is moved sideways. */
function widthFor(runs: Comparison['runs']): CSSProperties {
  return { minWidth: `${String((runs.length + 1) * COLUMN_REM)}rem` }
}

/** Nothing where nothing changed. */
function changed(delta: number | null, format: (delta: number) => string): string {
  return delta === null || delta === 0 ? '' : format(delta)
}

function Value({ value, delta }: { value: string; delta: string }) {
  return (
    <td className="right">
      {value} <span className="compared__delta small soft">{delta}</span>
    </td>
  )
}

function Differences({ comparison }: { comparison: Comparison }) {
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label="Hyperparameters">
      <table className="table compared" style={widthFor(comparison.runs)}>
        <RunHeadings runs={comparison.runs} />
        <tbody>
          {comparison.differences.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{nameOf(name)}</th>
              {values.map((value, index) => (
                <Value key={comparison.runs[index]?.id} value={value} delta="" />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function RunHeadings({ runs }: { runs: Comparison['runs'] }) {
  return (
    <thead>
      <tr>
        <td />
        {runs.map(({ id, name }) => (
          <th key={id} scope="col" className="right">
            <Link to="/runs/$runId" params={{ runId: id }} search={{}}>
              {name}
            </Link>
          </th>
        ))}
      </tr>
    </thead>
  )
}
