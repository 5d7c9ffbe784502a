/** What was kept of a run: to classify with, to give a name, to take elsewhere. */
import { Link } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'
import { useChange } from '../../../api/api.js'
import { Badge, Button } from '../../../components/controls.js'
import { Field } from '../../../components/field.js'
import { bytes, percent } from '../../../components/format.js'
import { refusalOf, Refusals } from '../../../components/refusal.js'
import { ExportModelDocument, GiveAliasDocument } from '../queries/runs.documents.js'
import type { FullRun } from './run-page.js'

export function RunCheckpoints({ run }: { run: FullRun }) {
  const { nodes } = run.checkpoints
  if (nodes.length === 0) return null
  return (
    <section className="card stack">
      <h2>Checkpoints</h2>
      <ul className="stack">
        {nodes.map((checkpoint) => (
          <li key={checkpoint.id} className="row">
            <span className="number">Epoch {checkpoint.epoch}</span>
            {checkpoint.id === run.bestCheckpoint?.id && <Badge tone="good">best</Badge>}
            <span className="soft small number">
              {percent(checkpoint.validationAccuracy)} on validation, {bytes(checkpoint.byteSize)}
            </span>
            {checkpoint.aliases.map((alias) => (
              <Badge key={alias}>{alias}</Badge>
            ))}
            <Link to="/classify" search={{ checkpoint: checkpoint.id }}>
              Classify with it
            </Link>
          </li>
        ))}
      </ul>
      {run.bestCheckpoint !== null && (
        <>
          <AliasForm checkpointId={run.bestCheckpoint.id} />
          <Exports checkpointId={run.bestCheckpoint.id} />
        </>
      )}
    </section>
  )
}

function AliasForm({ checkpointId }: { checkpointId: string }) {
  const give = useChange(GiveAliasDocument, ['runs', 'aliases'])
  const [name, setName] = useState('')
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    give.mutate({ name, checkpointId })
  }
  const issue = refusalOf(give)
  return (
    <form onSubmit={submit} className="row">
      <Field
        label="Serve the best one as"
        hint="A name that front ends ask for, such as pets/production."
        issue={issue}
      >
        {(input) => (
          <input {...input} className="input" value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <Button type="submit" disabled={name === '' || give.isPending}>
        Give the name
      </Button>
    </form>
  )
}

function Exports({ checkpointId }: { checkpointId: string }) {
  const make = useChange(ExportModelDocument, [])
  const answer = make.data?.exportCheckpoint
  return (
    <div className="stack">
      <div className="row">
        <span>Take the best one along:</span>
        <Button disabled={make.isPending} onClick={() => make.mutate({ checkpointId, format: 'SAFETENSORS' })}>
          For PyTorch
        </Button>
        <Button disabled={make.isPending} onClick={() => make.mutate({ checkpointId, format: 'ONNX' })}>
          As ONNX
        </Button>
      </div>
      {make.isPending && <p className="soft small">It is being written …</p>}
      {answer?.__typename === 'ExportCheckpointSuccess' && (
        <a href={answer.export.url} download={answer.export.fileName}>
          {answer.export.fileName} ({bytes(answer.export.byteSize)})
        </a>
      )}
      <Refusals of={[make]} />
    </div>
  )
}
