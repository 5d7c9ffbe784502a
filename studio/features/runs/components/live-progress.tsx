/** Where a run is that has not ended. */
import { useState } from 'react'
import { useApi, useFeed, useRefresh } from '../../../api/api.js'
import { Progress } from '../../../components/controls.js'
import { count, counted, duration } from '../../../components/format.js'
import {
  type RunFiguresFragment,
  RunProgressDocument,
  type RunProgressSubscription,
} from '../queries/runs.documents.js'
import { hasEnded, StatusBadge } from '../run-status.js'

export type LiveState = RunProgressSubscription['trainingProgress']

/**
 * The run's progress as it comes; null before the first word of it.
 * @param onMoved told when the run has come to another status or epoch
 */
export function useLiveState(run: Pick<RunFiguresFragment, 'id' | 'status'>, onMoved: () => void) {
  const { client } = useApi()
  const [state, setState] = useState<LiveState | null>(null)
  const feed = useFeed(hasEnded(run.status) ? null : run.id, {
    open: (signal) => client.subscribe(RunProgressDocument, { id: run.id }, { signal }),
    onValue: ({ trainingProgress }: RunProgressSubscription) => {
      const { status, epoch } = trainingProgress
      if (status !== (state?.status ?? run.status) || epoch !== (state?.epoch ?? epoch)) onMoved()
      setState(trainingProgress)
    },
  })
  return { state, ...feed }
}

export function LiveProgress({ run }: { run: Pick<RunFiguresFragment, 'id' | 'status' | 'hyperparameters'> }) {
  const refresh = useRefresh()
  const { state } = useLiveState(run, () => refresh('curves'))
  return state === null ? (
    <StatusBadge status={run.status} />
  ) : (
    <ProgressOf state={state} epochs={run.hyperparameters.epochs} />
  )
}

export function ProgressOf({ state, epochs }: { state: LiveState; epochs: number }) {
  if (state.status === 'PREPARING') {
    return (
      <Progress
        label={`Features of ${count(state.featuresDone)} of ${counted(state.featuresTotal, 'picture')}`}
        done={state.featuresDone}
        total={state.featuresTotal}
      />
    )
  }
  if (state.status !== 'RUNNING') return <StatusBadge status={state.status} />
  const steps = Math.max(1, state.stepsPerEpoch)
  const left = state.secondsLeft === null ? '' : `, ${duration(state.secondsLeft)} left`
  return (
    <Progress
      label={`Epoch ${String(state.epoch)} of ${String(epochs)}${left}`}
      done={Math.max(0, state.epoch - 1) * steps + state.step}
      total={epochs * steps}
    />
  )
}
