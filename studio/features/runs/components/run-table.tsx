/** The list of runs: what each is, where it stands, what it reached, and what sets it apart. */
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useAsk } from '../../../api/api.js'
import { type More, useEndlessRows } from '../../../components/endless.js'
import { moment, percent } from '../../../components/format.js'
import { Sparkline } from '../../../components/sparkline.js'
import { chips, differing } from '../hyperparameters.js'
import { RunCurvesDocument, type RunFiguresFragment } from '../queries/runs.documents.js'
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

export function RunTable({ runs, selected, onToggle, more }: Props) {
  const names = useMemo(() => differing(runs), [runs])
  const layout = () => ({ count: runs.length, rowHeight: ROW_HEIGHT })
  const { list, height, items, measure, topOf } = useEndlessRows({ layout, more, fetchBeforeRows: 10 })
  const curves = useCurves(items.flatMap(({ index }) => runs[index]?.id ?? []))
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
            <RunRow run={run} differences={chips(run.hyperparameters, names)} curve={curves.get(run.id) ?? []} />
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
        <Sparkline label={`Validation accuracy over ${String(curve.length)} epochs`} values={curve} />
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

/** Of the rows on screen, in one request: validation accuracy by epoch. */
function useCurves(ids: readonly string[]): ReadonlyMap<string, readonly number[]> {
  // The same rows ask the same thing, wherever the window begins.
  const { data } = useAsk('runs', RunCurvesDocument, { ids: [...ids].sort() })
  return useMemo(() => {
    const runs = (data?.nodes ?? []).filter((node) => node?.__typename === 'TrainingRun')
    return new Map(runs.map((run) => [run.id, run.epochs.map((epoch) => epoch.validationAccuracy)]))
  }, [data])
}
