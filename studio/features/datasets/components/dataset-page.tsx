/** One dataset: its pictures, how they come in, what was frozen of them. */
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useAsk, useChange } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Button } from '../../../components/controls.js'
import { Delete } from '../../../components/delete.js'
import { counted } from '../../../components/format.js'
import { Refusals } from '../../../components/refusal.js'
import { type DatasetView } from '../../../search.js'
import { NothingHere } from '../../../shell.js'
import { type DatasetDetailsQuery, DatasetDetailsDocument, DropDatasetDocument } from '../queries/datasets.documents.js'
import { EditDataset } from './edit-dataset.js'
import { FollowImports } from './follow-imports.js'
import { Health } from './health.js'
import { Imports } from './imports.js'
import { Pictures } from './pictures.js'
import { Versions } from './versions.js'
import './datasets.css'

export type FullDataset = Extract<NonNullable<DatasetDetailsQuery['node']>, { __typename: 'Dataset' }>

const VIEWS: readonly (readonly [DatasetView, string])[] = [
  ['pictures', 'Pictures'],
  ['imports', 'Bring pictures in'],
  ['health', 'Health'],
  ['versions', 'Versions'],
]

export function DatasetPage() {
  const { datasetId } = useParams({ from: '/datasets/$datasetId' })
  const query = useAsk('datasets', DatasetDetailsDocument, { id: datasetId })
  return (
    <Answer query={query}>
      {({ node }) => (node?.__typename === 'Dataset' ? <WholeDataset key={node.id} dataset={node} /> : <NothingHere />)}
    </Answer>
  )
}

function WholeDataset({ dataset }: { dataset: FullDataset }) {
  const search = useSearch({ from: '/datasets/$datasetId' })
  // As it was when the page opened: who watches the first pictures come in is not taken elsewhere by them.
  const [first] = useState<DatasetView>(dataset.imageCount === 0 ? 'imports' : 'pictures')
  const view = search.view ?? first
  const [isEditing, setEditing] = useState(false)
  return (
    <>
      <header className="row row--spread">
        <div>
          <h1>{dataset.name}</h1>
          <p className="soft">
            {counted(dataset.imageCount, 'picture')} in {counted(dataset.classes.length, 'class', 'classes')}
          </p>
          {dataset.description !== null && <p className="soft">{dataset.description}</p>}
        </div>
        <DatasetActions dataset={dataset} isEditing={isEditing} onEdit={() => setEditing(!isEditing)} />
      </header>
      {isEditing && <EditDataset dataset={dataset} onClose={() => setEditing(false)} />}
      <FollowImports imports={dataset.imports.nodes} />
      <nav className="tabs" aria-label="Views of the dataset">
        {VIEWS.map(([name, title]) => (
          <Link
            key={name}
            to="/datasets/$datasetId"
            params={{ datasetId: dataset.id }}
            search={{ view: name }}
            aria-current={view === name ? 'page' : undefined}
          >
            {title}
          </Link>
        ))}
      </nav>
      {view === 'pictures' && <Pictures dataset={dataset} search={search} />}
      {view === 'imports' && <Imports dataset={dataset} />}
      {view === 'health' && <Health dataset={dataset} />}
      {view === 'versions' && <Versions dataset={dataset} />}
    </>
  )
}

interface ActionsProps {
  readonly dataset: FullDataset
  readonly isEditing: boolean
  readonly onEdit: () => void
}

function DatasetActions({ dataset, isEditing, onEdit }: ActionsProps) {
  const navigate = useNavigate()
  const drop = useChange(DropDatasetDocument, ['datasets', 'runs'])
  const latest = dataset.versions.nodes[0]
  const remove = async (): Promise<void> => {
    const { deleteDataset } = await drop.mutateAsync({ id: dataset.id })
    if (deleteDataset.__typename === 'DeleteDatasetSuccess') await navigate({ to: '/datasets' })
  }
  return (
    <div className="stack">
      <div className="row">
        {latest === undefined && dataset.imageCount > 0 && (
          <Link
            to="/datasets/$datasetId"
            params={{ datasetId: dataset.id }}
            search={{ view: 'versions' }}
            className="button button--main"
          >
            Freeze a version to train on
          </Link>
        )}
        {latest !== undefined && (
          <Link to="/train" search={{ version: latest.id }} className="button button--main">
            Train on version {latest.number}
          </Link>
        )}
        <Button aria-expanded={isEditing} onClick={onEdit}>
          Edit
        </Button>
        <Delete
          sure="Delete it with its runs"
          isPending={drop.isPending}
          onDelete={() => void remove().catch(() => undefined)}
        />
      </div>
      <Refusals of={[drop]} />
    </div>
  )
}
