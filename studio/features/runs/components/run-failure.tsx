/** What happened, and the suggestion as a button that starts the run with its changes. */
import { Link, useNavigate } from '@tanstack/react-router'
import { useChange } from '../../../api/api.js'
import { Button, Notice } from '../../../components/controls.js'
import { sentenceCase } from '../../../components/format.js'
import { Refusals } from '../../../components/refusal.js'
import { inputOf, valuesOf } from '../../train/fields.js'
import { StartRunDocument } from '../../train/queries/train.documents.js'
import type { FullRun } from './run-page.js'

type Failure = NonNullable<FullRun['failure']>

export function RunFailureNotice({ run, failure }: { run: FullRun; failure: Failure }) {
  const { suggestion } = failure
  return (
    <Notice tone="bad">
      <p>
        <strong>{sentenceCase(failure.code)}:</strong> {failure.message}
      </p>
      {suggestion !== null && <p>{suggestion.text}</p>}
      {suggestion !== null && suggestion.changes.length > 0 && <StartAgain run={run} suggested={suggestion.changes} />}
    </Notice>
  )
}

type Suggested = NonNullable<Failure['suggestion']>['changes']

function StartAgain({ run, suggested }: { run: FullRun; suggested: Suggested }) {
  const navigate = useNavigate()
  const start = useChange(StartRunDocument, ['runs'])
  const changes = Object.fromEntries(suggested.map(({ name, value }) => [name, value]))
  const again = async (): Promise<void> => {
    const { input: hyperparameters } = inputOf({ ...valuesOf(run.hyperparameters), ...changes })
    const fromCheckpointId = run.fromCheckpoint?.id ?? null
    const { startTrainingRun: answer } = await start.mutateAsync({
      input: { datasetVersionId: run.datasetVersion.id, fromCheckpointId, hyperparameters },
    })
    if (answer.__typename !== 'StartTrainingRunSuccess') return
    await navigate({ to: '/runs/$runId', params: { runId: answer.trainingRun.id }, search: {} })
  }
  return (
    <>
      <div className="row">
        <Button disabled={start.isPending} onClick={() => void again().catch(() => undefined)}>
          Start again with {suggested.map(({ name, value }) => `${name} ${value}`).join(', ')}
        </Button>
        <Link to="/train" search={{ version: run.datasetVersion.id, like: run.id, changes }}>
          Change more first
        </Link>
      </div>
      <Refusals of={[start]} />
    </>
  )
}
