/** What happened, and the suggestion as a button that starts the run with its changes. */
import { Link } from '@tanstack/react-router'
import { Notice } from '../../../components/controls.js'
import type { FullRun } from './run-page.js'

export function RunFailureNotice({ run, failure }: { run: FullRun; failure: NonNullable<FullRun['failure']> }) {
  const { suggestion } = failure
  const changes = Object.fromEntries((suggestion?.changes ?? []).map(({ name, value }) => [name, value]))
  return (
    <Notice tone="bad">
      <p>
        <strong>{failure.code.replaceAll('_', ' ').toLowerCase()}:</strong> {failure.message}
      </p>
      {suggestion !== null && <p>{suggestion.text}</p>}
      {suggestion !== null && suggestion.changes.length > 0 && (
        <Link to="/train" search={{ version: run.datasetVersion.id, like: run.id, changes }} className="button">
          Start again with {suggestion.changes.map(({ name, value }) => `${name} ${value}`).join(', ')}
        </Link>
      )}
    </Notice>
  )
}
