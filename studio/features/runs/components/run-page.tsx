/** One run: where it is while it trains, how it went, what came out, and what it was made with. */
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useAsk, useRefresh } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Facts, Figure, Notice } from '../../../components/controls.js'
import { duration, percent } from '../../../components/format.js'
import { runSearch } from '../../../search.js'
import { NothingHere } from '../../../shell.js'
import { Evaluations } from '../../reports/components/evaluations.js'
import { Report } from '../../reports/components/report.js'
import { useEpochs } from '../epochs.js'
import { describe } from '../hyperparameters.js'
import { type LiveEpochFragment, RunDocument, type RunQuery } from '../queries/runs.documents.js'
import { hasEnded, StatusBadge } from '../run-status.js'
import { EpochCharts } from './epoch-charts.js'
import { EpochTable } from './epoch-table.js'
import { type LiveState, ProgressOf, useLiveState } from './live-progress.js'
import { RunActions } from './run-actions.js'
import { RunCheckpoints } from './run-checkpoints.js'
import { RunFailureNotice } from './run-failure.js'

export type FullRun = Extract<NonNullable<RunQuery['node']>, { __typename: 'TrainingRun' }>

export function RunPage() {
  const { runId } = useParams({ from: '/runs/$runId' })
  const query = useAsk('runs', RunDocument, { id: runId })
  return (
    <Answer query={query}>
      {({ node }) => (node?.__typename === 'TrainingRun' ? <WholeRun key={node.id} run={node} /> : <NothingHere />)}
    </Answer>
  )
}

function WholeRun({ run }: { run: FullRun }) {
  const shown = useSearch({ from: '/runs/$runId' })
  const navigate = useNavigate({ from: '/runs/$runId' })
  const refresh = useRefresh()
  const { state } = useLiveState(run, () => refresh('runs'))
  const { epochs, line } = useEpochs(run.id)
  const { dataset, number, id } = run.datasetVersion
  const evaluationId = shown.evaluation ?? run.evaluation?.id
  return (
    <>
      <header className="stack">
        <div className="row row--spread">
          <div className="row">
            <h1>{run.name}</h1>
            <StatusBadge status={run.status} />
          </div>
          <RunActions run={run} />
        </div>
        <p className="soft">
          on{' '}
          <Link to="/datasets/$datasetId" params={{ datasetId: dataset.id }} search={{ view: 'pictures', version: id }}>
            {dataset.name}, version {number}
          </Link>
        </p>
        {line === 'broken' && (
          <Notice tone="warn">The line to the server is broken. It is being opened again; nothing is lost.</Notice>
        )}
        {run.failure !== null && <RunFailureNotice run={run} failure={run.failure} />}
        {!hasEnded(run.status) && state !== null && <ProgressOf state={state} epochs={run.hyperparameters.epochs} />}
      </header>
      <RunFigures run={run} epochs={epochs} state={state} />
      <EpochCharts epochs={epochs} />
      <EpochTable epochs={epochs} />
      {evaluationId !== undefined && (
        <section className="card stack" id="report" aria-label="Report">
          <h2>Report</h2>
          <Report
            key={evaluationId}
            evaluationId={evaluationId}
            shown={shown}
            onShow={(next) =>
              void navigate({ search: runSearch({ ...next, evaluation: shown.evaluation }), resetScroll: false })
            }
          />
        </section>
      )}
      <Evaluations
        run={run}
        openId={evaluationId}
        onOpen={(evaluation) => void navigate({ search: { evaluation }, hash: 'report' })}
      />
      <div className="grid grid--natural">
        <div className="stack">
          <RunCheckpoints run={run} />
          <Machine run={run} />
        </div>
        <section className="card stack">
          <h2>Hyperparameters</h2>
          <Facts facts={describe(run.hyperparameters)} />
        </section>
      </div>
    </>
  )
}

function RunFigures({
  run,
  epochs,
  state,
}: {
  run: FullRun
  epochs: readonly LiveEpochFragment[]
  state: LiveState | null
}) {
  const best = run.bestEpoch
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0)
  const speed = state?.imagesPerSecond ?? epochs.at(-1)?.imagesPerSecond
  return (
    <div className="figures">
      <Figure label={best === null ? 'best on validation' : `on validation, epoch ${String(best.number)}`}>
        {percent(best?.validationAccuracy)}
      </Figure>
      <Figure label="on test">
        {run.evaluation?.split === 'TEST' ? percent(run.evaluation.report?.accuracy) : '–'}
      </Figure>
      <Figure label={hasEnded(run.status) ? 'trained' : 'left'}>
        {hasEnded(run.status) ? duration(seconds) : timeLeft(state)}
      </Figure>
      <Figure label="pictures a second">{speed === undefined ? '–' : Math.round(speed)}</Figure>
    </div>
  )
}

/** Nothing can be said before the first epoch; a dash then, not zero. */
function timeLeft(state: LiveState | null): string {
  const seconds = state?.secondsLeft ?? null
  return seconds === null ? '–' : duration(seconds)
}

function Machine({ run }: { run: FullRun }) {
  const { engine, trunk, architecture, attempts, fromCheckpoint } = run
  return (
    <section className="card stack">
      <h2>Made with</h2>
      <Facts
        facts={[
          ['engine', engine === null ? null : `${engine.backend} ${engine.version}, ${engine.device}`],
          ['trunk', trunk === null ? null : trunk.name],
          ['from', fromCheckpoint === null ? null : <FromCheckpoint checkpoint={fromCheckpoint} />],
          ['attempts', attempts > 1 ? `${String(attempts)}: it was taken over from a trainer that died` : null],
          ['parameters', architecture.parameterCount.toLocaleString('en-GB')],
          ['of which learn', architecture.trainableParameterCount.toLocaleString('en-GB')],
        ]}
      />
      <details>
        <summary>Architecture</summary>
        <pre tabIndex={0}>{architecture.text}</pre>
      </details>
    </section>
  )
}

function FromCheckpoint({ checkpoint }: { checkpoint: NonNullable<FullRun['fromCheckpoint']> }) {
  return (
    <Link to="/runs/$runId" params={{ runId: checkpoint.trainingRun.id }} search={{}}>
      {checkpoint.trainingRun.name}, epoch {checkpoint.epoch}
    </Link>
  )
}
