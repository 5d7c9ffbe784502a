/** Pictures that show the same, group by group: which of them to keep, under which label. */
import { useState } from 'react'
import { useChange, usePages } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Badge, Button, Picture } from '../../../components/controls.js'
import { count, percent } from '../../../components/format.js'
import { Refusals } from '../../../components/refusal.js'
import { useKept } from '../kept.js'
import { RelabelPicturesDocument, RemovePicturesDocument } from '../queries/datasets.documents.js'
import { DuplicateGroupsDocument, type DuplicateGroupsQuery } from '../queries/health.documents.js'
import type { Leaks } from '../leaks.js'
import { PictureFacts } from './picture-facts.js'
import { type Choice, Review } from './review.js'

const PAGE = 20

type Group = NonNullable<ReturnType<typeof groupsOf>>['nodes'][number]

interface Props {
  readonly datasetId: string
  readonly leaks: Leaks | null
}

export function DuplicateGroups({ datasetId, leaks }: Props) {
  const kept = useKept(`duplicates.${datasetId}`)
  const relabel = useChange(RelabelPicturesDocument, ['datasets', 'pictures'])
  const remove = useChange(RemovePicturesDocument, ['datasets', 'pictures'])
  const [chosen, setChosen] = useState('')
  const groups = usePages('datasets', {
    document: DuplicateGroupsDocument,
    variables: { id: datasetId, first: PAGE },
    page: groupsOf,
  })
  const choices = (group: Group): Choice[] => {
    const best = bestOf(group, chosen)
    const others = imagesOf(group).filter(({ id }) => id !== best.id)
    const wrong = others.filter(({ label }) => label !== best.label)
    const drop = { key: 'x', title: 'Remove the others', choose: () => remove.mutate({ ids: idsOf(others) }) }
    if (wrong.length === 0) return [{ ...drop, kind: 'danger' }]
    const give = (): void => relabel.mutate({ ids: idsOf(wrong), label: best.label })
    return [
      { key: 'r', title: `Relabel all to ${best.label}`, kind: 'main', choose: give },
      { ...drop, kind: 'danger' },
    ]
  }
  return (
    <Answer query={groups}>
      {({ pages: [page] }) => (
        <div className="stack">
          <Refusals of={[relabel, remove]} />
          <Review
            title="Duplicates"
            findings={groups.items}
            total={page === undefined ? 0 : (groupsOf(page)?.totalCount ?? 0)}
            more={groups}
            kept={kept}
            keyOf={(group) => idsOf(imagesOf(group)).sort().join('\n')}
            isBusy={relabel.isPending || remove.isPending}
            choices={choices}
          >
            {(group) => (
              <DuplicateGroup group={group} best={bestOf(group, chosen).id} leaks={leaks} onChoose={setChosen} />
            )}
          </Review>
        </div>
      )}
    </Answer>
  )
}

function groupsOf({ node }: DuplicateGroupsQuery) {
  return node?.__typename === 'Dataset' ? node.health.duplicates : null
}

function imagesOf({ images }: Group) {
  return images.map(({ image }) => image)
}

function idsOf(images: readonly { readonly id: string }[]): string[] {
  return images.map(({ id }) => id)
}

/** The one that was chosen of the group, otherwise the one with the most pixels, then bytes. */
function bestOf(group: Group, chosen: string) {
  const images = imagesOf(group)
  const pixels = (image: (typeof images)[number]): number => image.width * image.height
  return (
    images.find(({ id }) => id === chosen) ??
    images.reduce((best, image) =>
      pixels(image) - pixels(best) > 0 || (pixels(image) === pixels(best) && image.byteSize > best.byteSize)
        ? image
        : best,
    )
  )
}

interface GroupProps {
  readonly group: Group
  /** The id of the picture that stays when the others go. */
  readonly best: string
  readonly leaks: Leaks | null
  readonly onChoose: (id: string) => void
}

function DuplicateGroup({ group, best, leaks, onChoose }: GroupProps) {
  const { kind, labels, images, imageCount } = group
  return (
    <>
      <p className="row">
        <Badge>{kind === 'IDENTICAL' ? 'The same pixels' : 'Nearly the same'}</Badge>
        {labels.length > 1 && <Badge tone="bad">Labels differ: {labels.join(', ')}</Badge>}
        {leaks?.groups.has(group.id) === true && (
          <Badge tone="bad">In more than one part of version {leaks.version}</Badge>
        )}
        {imageCount > images.length && `The first ${count(images.length)} of ${count(imageCount)} pictures.`}
      </p>
      <ul className="gallery duplicates">
        {images.map(({ image, similarity }) => {
          const split = leaks?.splits.get(image.id)
          return (
            <li key={image.id}>
              <Picture src={image.url} alt={`${image.label}, ${image.fileName}`}>
                <span>
                  <strong>{image.label}</strong>
                  {split !== undefined && `, in ${split.toLowerCase()}`}
                </span>
                <span className="number">{percent(similarity, 1)} alike</span>
                <PictureFacts picture={image} />
              </Picture>
              <Button
                aria-pressed={image.id === best}
                aria-label={`Keep ${image.fileName}`}
                onClick={() => onChoose(image.id)}
              >
                {image.id === best ? 'Stays' : 'Keep this one'}
              </Button>
            </li>
          )
        })}
      </ul>
    </>
  )
}
