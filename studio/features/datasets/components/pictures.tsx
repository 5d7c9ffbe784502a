/** All pictures of a dataset, or of one of its versions as it was frozen, by class and split, without end. */
import { useNavigate } from '@tanstack/react-router'
import { useId } from 'react'
import { useChange, usePages, usePatch } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Empty } from '../../../components/controls.js'
import { count } from '../../../components/format.js'
import { Refusals } from '../../../components/refusal.js'
import { type DatasetSearch, datasetSearch, SPLITS } from '../../../search.js'
import {
  DatasetPicturesDocument,
  type DatasetPicturesQuery,
  RelabelPicturesDocument,
  VersionPicturesDocument,
  type VersionPicturesQuery,
} from '../queries/datasets.documents.js'
import type { FullDataset } from './dataset-page.js'
import { PictureGrid } from './picture-grid.js'
import { ClassChoices, Relabel } from './relabel.js'

const PAGE = 100

interface Props {
  readonly dataset: FullDataset
  readonly search: DatasetSearch
}

export function Pictures({ dataset, search }: Props) {
  return (
    <>
      <PictureFilters dataset={dataset} search={search} />
      {search.version === undefined ? (
        <DatasetPictures dataset={dataset} label={search.label ?? null} />
      ) : (
        <VersionPictures versionId={search.version} search={search} />
      )}
    </>
  )
}

function DatasetPictures({ dataset, label }: { dataset: FullDataset; label: string | null }) {
  const classes = useId()
  const patch = usePatch('pictures')
  const relabel = useChange(RelabelPicturesDocument, ['datasets'])
  const pictures = usePages('pictures', {
    document: DatasetPicturesDocument,
    variables: { id: dataset.id, first: PAGE, label },
    page: ({ node }: DatasetPicturesQuery) => (node?.__typename === 'Dataset' ? node.images : null),
  })
  // One that was relabelled leaves the list of its class.
  const shown = label === null ? pictures.items : pictures.items.filter((picture) => picture.label === label)
  const give = (id: string, to: string): void => {
    relabel.mutate(
      { ids: [id], label: to },
      {
        onSuccess: ({ relabelImages: answer }) => {
          if (answer.__typename === 'RelabelImagesSuccess') patch(answer.images)
        },
      },
    )
  }
  return (
    <Answer query={pictures}>
      {() =>
        shown.length === 0 && !pictures.hasNextPage ? (
          <Empty title="No pictures here">
            <p>Bring some in, or choose another class.</p>
          </Empty>
        ) : (
          <>
            <p className="soft small">To relabel a picture, type another class below it and press Enter.</p>
            <Refusals of={[relabel]} />
            <ClassChoices id={classes} dataset={dataset} />
            <PictureGrid
              pictures={shown}
              more={pictures}
              label={(picture) => (
                <Relabel
                  key={picture.label}
                  picture={picture}
                  classes={classes}
                  onRelabel={(to) => give(picture.id, to)}
                />
              )}
            />
          </>
        )
      }
    </Answer>
  )
}

function VersionPictures({ versionId, search }: { versionId: string; search: DatasetSearch }) {
  const pictures = usePages('pictures', {
    document: VersionPicturesDocument,
    variables: { id: versionId, first: PAGE, label: search.label ?? null, split: search.split ?? null },
    page: ({ node }: VersionPicturesQuery) => (node?.__typename === 'DatasetVersion' ? node.images : null),
  })
  return <Answer query={pictures}>{() => <PictureGrid pictures={pictures.items} more={pictures} />}</Answer>
}

function PictureFilters({ dataset, search }: Props) {
  const navigate = useNavigate({ from: '/datasets/$datasetId' })
  const set = (change: Record<string, string>): void => {
    void navigate({ search: datasetSearch({ ...search, view: 'pictures', ...change }), replace: true })
  }
  const version = dataset.versions.nodes.find(({ id }) => id === search.version)
  return (
    <form className="row" aria-label="Which pictures" onSubmit={(event) => event.preventDefault()}>
      <select
        className="input input--narrow"
        aria-label="Class"
        value={search.label ?? ''}
        onChange={(event) => set({ label: event.target.value })}
      >
        <option value="">All classes</option>
        {dataset.classes.map(({ label, imageCount }) => (
          <option key={label} value={label}>
            {label} ({count(imageCount)})
          </option>
        ))}
      </select>
      <select
        className="input input--narrow"
        aria-label="Version"
        value={search.version ?? ''}
        onChange={(event) => set({ version: event.target.value, split: '' })}
      >
        <option value="">As it is now</option>
        {dataset.versions.nodes.map(({ id, number }) => (
          <option key={id} value={id}>
            Version {number}
          </option>
        ))}
      </select>
      {version !== undefined && (
        <select
          className="input input--narrow"
          aria-label="Split"
          value={search.split ?? ''}
          onChange={(event) => set({ split: event.target.value })}
        >
          <option value="">All splits</option>
          {SPLITS.map((split) => (
            <option key={split} value={split}>
              {split.toLowerCase()} ({count(version.splits.find(({ name }) => name === split)?.imageCount ?? 0)})
            </option>
          ))}
        </select>
      )}
    </form>
  )
}
