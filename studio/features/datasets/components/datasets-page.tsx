import { Link, useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'
import { useChange, usePages } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Button, Empty } from '../../../components/controls.js'
import { Field } from '../../../components/field.js'
import { counted } from '../../../components/format.js'
import { refusalOf } from '../../../components/refusal.js'
import { DatasetListDocument, type DatasetListQuery, NewDatasetDocument } from '../queries/datasets.documents.js'
import './datasets.css'

const PAGE = 24

export function DatasetsPage() {
  const datasets = usePages('datasets', {
    document: DatasetListDocument,
    variables: { first: PAGE },
    page: ({ datasets }: DatasetListQuery) => datasets,
  })
  return (
    <>
      <h1>Datasets</h1>
      <Answer query={datasets}>
        {() => (
          <>
            {datasets.items.length === 0 && (
              <Empty title="No pictures yet">
                <p>A dataset holds pictures, each with its class. Give the first one a name; its pictures come next.</p>
              </Empty>
            )}
            <NewDataset />
            <ul className="grid grid--cards">
              {datasets.items.map((dataset) => (
                <li key={dataset.id} className="card">
                  <DatasetCard dataset={dataset} />
                </li>
              ))}
            </ul>
          </>
        )}
      </Answer>
      {datasets.hasNextPage && (
        <div>
          <Button onClick={() => void datasets.fetchNextPage()}>More</Button>
        </div>
      )}
    </>
  )
}

function DatasetCard({ dataset }: { dataset: DatasetListQuery['datasets']['nodes'][number] }) {
  const { id, name, imageCount, classes, images } = dataset
  return (
    <Link to="/datasets/$datasetId" params={{ datasetId: id }} search={{}} className="dataset-card">
      <span className="dataset-card__pictures" aria-hidden="true">
        {images.nodes.map((image) => (
          <img key={image.id} src={image.url} alt="" loading="lazy" />
        ))}
      </span>
      <strong>{name}</strong>
      <span className="small soft">
        {counted(imageCount, 'picture')} in {counted(classes.length, 'class', 'classes')}
      </span>
    </Link>
  )
}

function NewDataset() {
  const navigate = useNavigate()
  const create = useChange(NewDatasetDocument, ['datasets'])
  const [name, setName] = useState('')
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const { createDataset } = await create.mutateAsync({ name })
    if (createDataset.__typename !== 'CreateDatasetSuccess') return
    await navigate({ to: '/datasets/$datasetId', params: { datasetId: createDataset.dataset.id }, search: {} })
  }
  return (
    <form className="row" onSubmit={(event) => void submit(event).catch(() => undefined)}>
      <Field label="New dataset" issue={refusalOf(create)}>
        {(input) => (
          <input
            {...input}
            className="input"
            placeholder="pets"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" kind="main" disabled={name === '' || create.isPending}>
        Make it
      </Button>
    </form>
  )
}
