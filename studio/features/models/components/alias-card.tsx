/** One name: what it stands for, how it does, what it stood for, and moving it. */
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useChange } from '../../../api/api.js'
import { Button, Facts } from '../../../components/controls.js'
import { Delete } from '../../../components/delete.js'
import { moment, percent } from '../../../components/format.js'
import { Refusals } from '../../../components/refusal.js'
import { DropAliasDocument, type NamedCheckpointFragment } from '../queries/models.documents.js'
import { AliasFigures } from './alias-figures.js'
import { AliasHistory } from './alias-history.js'
import { CheckpointLink } from './checkpoint-link.js'
import type { FullAlias } from './models-page.js'
import { PointAlias } from './point-alias.js'

export function AliasCard({ alias }: { alias: FullAlias }) {
  const { name, assignedAt, checkpoint } = alias
  const [moving, setMoving] = useState(false)
  return (
    <>
      <div className="row row--spread">
        <h2>{name}</h2>
        <div className="row">
          <Link to="/classify" search={{ alias: name }} className="button">
            Classify
          </Link>
          <Button aria-expanded={moving} onClick={() => setMoving(!moving)}>
            Move it
          </Button>
          <DropAlias name={name} />
        </div>
      </div>
      <Facts
        facts={[
          ['points to', <CheckpointLink key="run" checkpoint={checkpoint} />],
          ['since', moment(assignedAt)],
          ['on validation', percent(checkpoint.validationAccuracy)],
          ['learnt from', <VersionLink key="version" checkpoint={checkpoint} />],
        ]}
      />
      <AliasFigures name={name} />
      {moving && (
        <section className="alias__move" aria-label={`Move ${name}`}>
          <PointAlias name={name} holderId={checkpoint.id} onPointed={() => setMoving(false)} />
        </section>
      )}
      {alias.history.length > 1 && <AliasHistory alias={alias} />}
    </>
  )
}

function VersionLink({ checkpoint }: { checkpoint: NamedCheckpointFragment }) {
  const { id, number, dataset } = checkpoint.trainingRun.datasetVersion
  return (
    <Link to="/datasets/$datasetId" params={{ datasetId: dataset.id }} search={{ view: 'pictures', version: id }}>
      {dataset.name}, version {number}
    </Link>
  )
}

function DropAlias({ name }: { name: string }) {
  const drop = useChange(DropAliasDocument, ['aliases', 'runs'])
  return (
    <>
      <Delete
        sure="Delete the name; callers get nothing"
        isPending={drop.isPending}
        onDelete={() => drop.mutate({ name })}
      />
      <Refusals of={[drop]} />
    </>
  )
}
