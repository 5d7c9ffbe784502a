import { Link } from '@tanstack/react-router'
import type { NamedCheckpointFragment } from '../queries/models.documents.js'

export function CheckpointLink({ checkpoint: { epoch, trainingRun } }: { checkpoint: NamedCheckpointFragment }) {
  return (
    <Link to="/runs/$runId" params={{ runId: trainingRun.id }} search={{}}>
      {trainingRun.name}, epoch {epoch}
    </Link>
  )
}
