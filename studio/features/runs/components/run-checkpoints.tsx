/** What was kept of a run: to classify with, to give a name, to take elsewhere. */
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Badge } from '../../../components/controls.js'
import { Field } from '../../../components/field.js'
import { bytes, percent } from '../../../components/format.js'
import { PointAlias } from '../../models/components/point-alias.js'
import { CheckpointExports } from './checkpoint-exports.js'
import type { FullRun } from './run-page.js'
import './run-checkpoints.css'

type Checkpoints = FullRun['checkpoints']['nodes']

export function RunCheckpoints({ run }: { run: FullRun }) {
  const { nodes } = run.checkpoints
  const best = run.bestCheckpoint
  if (nodes.length === 0) return null
  return (
    <section className="card stack" aria-label="Checkpoints">
      <h2>Checkpoints</h2>
      <ul>
        {nodes.map((checkpoint) => (
          <li key={checkpoint.id} className="checkpoint">
            <span className="number">Epoch {checkpoint.epoch}</span>
            <span className="checkpoint__names">
              {checkpoint.id === best?.id && <Badge tone="good">best</Badge>}
              {checkpoint.aliases.map((alias) => (
                <Link key={alias} to="/models" className="chip">
                  {alias}
                </Link>
              ))}
            </span>
            <span className="number">
              {percent(checkpoint.validationAccuracy)} <span className="soft small">on validation</span>
            </span>
            <span className="soft small number">{bytes(checkpoint.byteSize)}</span>
            <Link to="/classify" search={{ checkpoint: checkpoint.id }}>
              Classify with it
            </Link>
          </li>
        ))}
      </ul>
      {best !== null && <ServeOrTake nodes={nodes} bestId={best.id} />}
    </section>
  )
}

function ServeOrTake({ nodes, bestId }: { nodes: Checkpoints; bestId: string }) {
  const [chosen, setChosen] = useState<string | null>(null)
  // What was chosen may be thrown away while the run goes on.
  const id = nodes.find((checkpoint) => checkpoint.id === chosen)?.id ?? bestId
  return (
    <>
      {nodes.length > 1 && (
        <Field label="To serve, or to take along">
          {(input) => (
            <select
              {...input}
              className="input input--narrow"
              value={id}
              onChange={(event) => setChosen(event.target.value)}
            >
              {nodes.map((checkpoint) => (
                <option key={checkpoint.id} value={checkpoint.id}>
                  Epoch {checkpoint.epoch}
                  {checkpoint.id === bestId ? ', the best' : ''}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <h3>Serve it</h3>
      <PointAlias key={`serve ${id}`} checkpointId={id} />
      <h3>Take it along</h3>
      <CheckpointExports key={`take ${id}`} checkpointId={id} />
    </>
  )
}
