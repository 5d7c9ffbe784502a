import { Link } from '@tanstack/react-router'
import type { LinkedCheckpointFragment } from '../queries/models.documents.js'

export function CheckpointLink({ checkpoint: { epoch, trainingRun } }: { checkpoint: LinkedCheckpointFragment }) {
  return (
    <Link to="/runs/$runId" params={{ runId: trainingRun.id }} search={{}}>
      {trainingRun.name}, epoch {epoch}
    </Link>
  )
}
