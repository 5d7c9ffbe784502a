import type { TrainingRunStatus } from '../../../client/documents.js'
import { Badge, type Tone } from '../../components/controls.js'

const LOOKS: Readonly<Record<TrainingRunStatus, { readonly name: string; readonly tone: Tone }>> = {
  QUEUED: { name: 'Queued', tone: 'plain' },
  PREPARING: { name: 'Preparing', tone: 'busy' },
  RUNNING: { name: 'Training', tone: 'busy' },
  EVALUATING: { name: 'Evaluating', tone: 'busy' },
  SUCCEEDED: { name: 'Succeeded', tone: 'good' },
  FAILED: { name: 'Failed', tone: 'bad' },
  CANCELLED: { name: 'Cancelled', tone: 'plain' },
}

export function statusName(status: TrainingRunStatus): string {
  return LOOKS[status].name
}

export function StatusBadge({ status }: { status: TrainingRunStatus }) {
  return <Badge tone={LOOKS[status].tone}>{LOOKS[status].name}</Badge>
}

export function hasEnded(status: TrainingRunStatus): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELLED'
}
