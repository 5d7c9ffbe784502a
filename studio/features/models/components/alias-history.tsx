/** What a name pointed to, newest first, and pointing it back there. */
import { useChange } from '../../../api/api.js'
import { Badge, Button } from '../../../components/controls.js'
import { moment } from '../../../components/format.js'
import { Refusals } from '../../../components/refusal.js'
import { PointAliasDocument, RevertAliasDocument } from '../queries/models.documents.js'
import { CheckpointLink } from './checkpoint-link.js'
import type { FullAlias } from './models-page.js'

export function AliasHistory({ alias }: { alias: FullAlias }) {
  const point = useChange(PointAliasDocument, ['aliases', 'predictions', 'runs'])
  const revert = useChange(RevertAliasDocument, ['aliases', 'predictions', 'runs'])
  const { name, history, checkpoint: now } = alias
  // What revertAlias points it to.
  const before = history.findIndex(({ checkpoint }) => checkpoint !== null && checkpoint.id !== now.id)
  const isBusy = point.isPending || revert.isPending
  return (
    <div className="stack">
      <h3>History</h3>
      <ol className="alias__history">
        {history.map(({ assignedAt, checkpoint }, index) => (
          <li key={assignedAt} className="alias__assignment">
            <span className="small soft number">{moment(assignedAt)}</span>
            <span>{checkpoint === null ? <i>deleted since</i> : <CheckpointLink checkpoint={checkpoint} />}</span>
            {index === 0 && <Badge tone="good">now</Badge>}
            {index === before && (
              <Button disabled={isBusy} onClick={() => revert.mutate({ name })}>
                Go back to it
              </Button>
            )}
            {index > before && before >= 0 && checkpoint !== null && checkpoint.id !== now.id && (
              <Button
                kind="quiet"
                disabled={isBusy}
                onClick={() => point.mutate({ input: { name, checkpointId: checkpoint.id } })}
              >
                Point it here
              </Button>
            )}
          </li>
        ))}
      </ol>
      <Refusals of={[revert, point]} />
    </div>
  )
}
