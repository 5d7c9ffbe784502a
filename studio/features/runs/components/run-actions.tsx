import { Link, useNavigate } from '@tanstack/react-router'
import { useChange } from '../../../api/api.js'
import { Button } from '../../../components/controls.js'
import { Delete } from '../../../components/delete.js'
import { Refusals } from '../../../components/refusal.js'
import { CancelRunDocument, DeleteRunDocument, ResumeRunDocument } from '../queries/runs.documents.js'
import { hasEnded } from '../run-status.js'
import type { FullRun } from './run-page.js'

export function RunActions({ run }: { run: FullRun }) {
  const navigate = useNavigate()
  const cancel = useChange(CancelRunDocument, ['runs'])
  const resume = useChange(ResumeRunDocument, ['runs'])
  const remove = useChange(DeleteRunDocument, ['runs', 'aliases'])
  const deleteRun = async (): Promise<void> => {
    const { deleteTrainingRun } = await remove.mutateAsync({ id: run.id })
    if (deleteTrainingRun.__typename === 'DeleteTrainingRunSuccess') await navigate({ to: '/runs', search: {} })
  }
  const ended = hasEnded(run.status)
  return (
    <div className="stack">
      <div className="row">
        {!ended && (
          <Button disabled={cancel.isPending} onClick={() => cancel.mutate({ id: run.id })}>
            Cancel
          </Button>
        )}
        {(run.status === 'FAILED' || run.status === 'CANCELLED') && (
          <Button disabled={resume.isPending} onClick={() => resume.mutate({ id: run.id })}>
            Resume
          </Button>
        )}
        <Link to="/train" search={{ version: run.datasetVersion.id, like: run.id }} className="button">
          Start one like it
        </Link>
        {ended && (
          <Delete
            sure="Delete it with its checkpoints"
            isPending={remove.isPending}
            onDelete={() => void deleteRun().catch(() => undefined)}
          />
        )}
      </div>
      <Refusals of={[cancel, resume, remove]} />
    </div>
  )
}
