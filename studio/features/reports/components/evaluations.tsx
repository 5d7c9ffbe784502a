/** How the checkpoints of a run do on other pictures than its own test part: asked for here, and listed with what came out. */
import { useState } from 'react'
import { useApi, useAsk, useFeed, useRefresh } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Badge, Button } from '../../../components/controls.js'
import { moment, percent, sentenceCase } from '../../../components/format.js'
import {
  EvaluationMovedDocument,
  type EvaluationMovedSubscription,
  type EvaluationSummaryFragment,
  RunEvaluationsDocument,
  type RunEvaluationsQuery,
} from '../queries/reports.documents.js'
import { EvaluateForm, type EvaluatedRun } from './evaluate-form.js'
import './evaluations.css'

interface Props {
  readonly run: EvaluatedRun
  /** Whose report is open. */
  readonly openId: string | undefined
  readonly onOpen: (evaluationId: string) => void
}

export function Evaluations({ run, openId, onOpen }: Props) {
  const query = useAsk('evaluations', RunEvaluationsDocument, { id: run.id })
  const [isAsking, setAsking] = useState(false)
  if (run.checkpoints.nodes.length === 0) return null
  return (
    <section className="card stack" aria-label="Evaluations">
      <div className="row row--spread">
        <h2>Evaluations</h2>
        <Button aria-expanded={isAsking} onClick={() => setAsking(!isAsking)}>
          Evaluate a checkpoint
        </Button>
      </div>
      {isAsking && <EvaluateForm run={run} />}
      <Answer query={query}>
        {(result) => {
          const evaluations = newestFirst(result)
          if (evaluations.length === 0) return <p className="soft">None of its checkpoints was evaluated yet.</p>
          return (
            <ul>
              {evaluations.map((each) => (
                <li key={each.id} className="evaluation">
                  <Summary evaluation={each} isOpen={each.id === openId} onOpen={onOpen} />
                </li>
              ))}
            </ul>
          )
        }}
      </Answer>
    </section>
  )
}

function newestFirst({ node }: RunEvaluationsQuery): EvaluationSummaryFragment[] {
  if (node?.__typename !== 'TrainingRun') return []
  const all = node.checkpoints.nodes.flatMap(({ evaluations }) => evaluations.nodes)
  return all.sort((a, b) => b.createdAt.localeCompare(a.createdAt))
}

interface SummaryProps {
  readonly evaluation: EvaluationSummaryFragment
  readonly isOpen: boolean
  readonly onOpen: (evaluationId: string) => void
}

function Summary({ evaluation, isOpen, onOpen }: SummaryProps) {
  const { id, state, split, error, createdAt, checkpoint, datasetVersion, report } = evaluation
  useUntilItEnds(evaluation)
  return (
    <>
      <span>
        Epoch {checkpoint.epoch} on {split.toLowerCase()} of {datasetVersion.dataset.name}, version{' '}
        {datasetVersion.number}
        <br />
        <span className="small soft">{moment(createdAt)}</span>
      </span>
      <span role="status">
        {report === null ? (
          <Badge tone={isUnderWay(evaluation) ? 'busy' : 'bad'}>{sentenceCase(state)}</Badge>
        ) : (
          <span className="number">
            {percent(report.accuracy)}{' '}
            <span className="small soft">right, macro F1 {report.macroAvg.f1Score.toFixed(4)}</span>
          </span>
        )}
        {error !== null && <span className="evaluation__error small">{error}</span>}
      </span>
      {report !== null && (
        <Button aria-pressed={isOpen} onClick={() => onOpen(id)}>
          Report
        </Button>
      )}
    </>
  )
}

function isUnderWay({ state }: Pick<EvaluationSummaryFragment, 'state'>): boolean {
  return state === 'QUEUED' || state === 'RUNNING'
}

function useUntilItEnds(evaluation: EvaluationSummaryFragment): void {
  const { client } = useApi()
  const refresh = useRefresh()
  const { id, state } = evaluation
  useFeed(isUnderWay(evaluation) ? id : null, {
    open: (signal) => client.subscribe(EvaluationMovedDocument, { id }, { signal }),
    onValue: ({ evaluationChanged }: EvaluationMovedSubscription) => {
      if (evaluationChanged.state !== state) refresh('evaluations')
    },
  })
}
