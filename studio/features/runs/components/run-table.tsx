/** The list of runs: what each is, where it stands, what it reached, and what sets it apart. */
import { useQueries, type UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useApi } from '../../../api/api.js'
import { type EndlessRows, type More, useEndlessRows } from '../../../components/endless.js'
import { counted, moment, percent } from '../../../components/format.js'
import { Sparkline } from '../../../components/sparkline.js'
import { chips, differing } from '../hyperparameters.js'
import { RunCurvesDocument, type RunCurvesQuery, type RunFiguresFragment } from '../queries/runs.documents.js'
import { hasEnded, StatusBadge } from '../run-status.js'
import { LiveProgress } from './live-progress.js'
import './run-table.css'

interface Props {
  readonly runs: readonly RunFiguresFragment[]
  readonly selected: ReadonlySet<string>
  readonly onToggle: (id: string) => void
  readonly more: More
}

const ROW_HEIGHT = 68
/** Runs whose curves are asked for together: pages of the list are a multiple of it. */
const BLOCK = 25

export function RunTable({ runs, selected, onToggle, more }: Props) {
  const names = useMemo(() => differing(runs), [runs])
  const layout = () => ({ count: runs.length, rowHeight: ROW_HEIGHT })
  const { list, height, items, measure, topOf } = useEndlessRows({ layout, more, fetchBeforeRows: 40 })
  const curves = useCurves(runs, items)
  return (
    <ul ref={list} className="runs" aria-label="Runs" style={{ height: `${String(height)}px` }}>
      {items.map((item) => {
        const run = runs[item.index]
        if (run === undefined) return null
        return (
          <li
            key={item.key}
            ref={measure}
            data-index={item.index}
            className="runs__row"
            style={{ transform: `translateY(${String(topOf(item))}px)` }}
          >
            <input
              type="checkbox"
              aria-label={`Select ${run.name}`}
              checked={selected.has(run.id)}
              onChange={() => onToggle(run.id)}
            />
            <RunRow run={run} differences={chips(run.hyperparameters, names)} curve={curves[run.id] ?? []} />
          </li>
        )
      })}
    </ul>
  )
}

function RunRow({
  run,
  differences,
  curve,
}: {
  run: RunFiguresFragment
  differences: readonly string[]
  curve: readonly number[]
}) {
  const { dataset, number } = run.datasetVersion
  return (
    <>
      <div className="runs__name">
        <Link to="/runs/$runId" params={{ runId: run.id }} search={{}}>
          {run.name}
        </Link>
        <span className="small soft">
          {dataset.name} v{number} · {moment(run.createdAt)}
        </span>
      </div>
      <div className="runs__status">
        {hasEnded(run.status) ? <StatusBadge status={run.status} /> : <LiveProgress run={run} />}
      </div>
      <div className="runs__curve">
        <Sparkline label={`Validation accuracy over ${counted(curve.length, 'epoch')}`} values={curve} />
      </div>
      <dl className="runs__figures number">
        <div>
          <dt>validation</dt>
          <dd>{percent(run.bestEpoch?.validationAccuracy)}</dd>
        </div>
        <div>
          <dt>test</dt>
          <dd>{run.evaluation?.split === 'TEST' ? percent(run.evaluation.report?.accuracy) : '–'}</dd>
        </div>
      </dl>
      <ul className="runs__chips" aria-label="What differs">
        {differences.map((text) => (
          <li key={text} className="chip">
            {text}
          </li>
        ))}
      </ul>
    </>
  )
}

/**
 * Validation accuracy by epoch, of the runs near the window. They are asked for in blocks that stay the same however the list
 * is scrolled.
 */
function useCurves(runs: Props['runs'], items: EndlessRows['items']): Curves {
  const { client } = useApi()
  const blocks = [...new Set(items.map(({ index }) => Math.floor(index / BLOCK)))]
  return useQueries({
    queries: blocks.map((block) => {
      const ids = runs.slice(block * BLOCK, (block + 1) * BLOCK).map(({ id }) => id)
      return { queryKey: ['curves', ids], queryFn: () => client.request(RunCurvesDocument, { ids }) }
    }),
    combine: curvesIn,
  })
}

type Curves = Readonly<Record<string, readonly number[]>>

function curvesIn(answers: readonly Pick<UseQueryResult<RunCurvesQuery>, 'data'>[]): Curves {
  const runs = answers.flatMap(({ data }) => data?.nodes ?? []).filter((node) => node?.__typename === 'TrainingRun')
  return Object.fromEntries(runs.map(({ id, epochs }) => [id, epochs.map((epoch) => epoch.validationAccuracy)]))
}
