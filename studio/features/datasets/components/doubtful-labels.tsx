/** Pictures whose label a model doubts, the most doubtful first. */
import { useId } from 'react'
import { useChange, usePages } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Picture, ScoreBar } from '../../../components/controls.js'
import { Refusals } from '../../../components/refusal.js'
import { useKept } from '../kept.js'
import { RelabelPicturesDocument, RemovePicturesDocument } from '../queries/datasets.documents.js'
import { DoubtfulLabelsDocument, type DoubtfulLabelsQuery } from '../queries/health.documents.js'
import type { FullDataset } from './dataset-page.js'
import { PictureFacts } from './picture-facts.js'
import { ClassChoices, Relabel } from './relabel.js'
import { Review } from './review.js'

const PAGE = 50

type Doubt = NonNullable<ReturnType<typeof doubtsOf>>['nodes'][number]

export function DoubtfulLabels({ dataset }: { dataset: FullDataset }) {
  const kept = useKept(`labels.${dataset.id}`)
  const relabel = useChange(RelabelPicturesDocument, ['datasets', 'pictures'])
  const remove = useChange(RemovePicturesDocument, ['datasets', 'pictures'])
  const doubts = usePages('datasets', {
    document: DoubtfulLabelsDocument,
    variables: { id: dataset.id, first: PAGE },
    page: doubtsOf,
  })
  const give = ({ image }: Doubt, label: string): void => relabel.mutate({ ids: [image.id], label })
  return (
    <Answer query={doubts}>
      {({ pages: [page] }) => (
        <div className="stack">
          <Refusals of={[relabel, remove]} />
          <Review
            title="Doubtful labels"
            findings={doubts.items}
            total={page === undefined ? 0 : (doubtsOf(page)?.totalCount ?? 0)}
            more={doubts}
            kept={kept}
            keyOf={({ image, givenLabel, suggestedLabel }) => [image.id, givenLabel, suggestedLabel].join('\n')}
            isBusy={relabel.isPending || remove.isPending}
            choices={(doubt) => [
              {
                key: 'r',
                title: `Relabel to ${doubt.suggestedLabel}`,
                kind: 'main',
                choose: () => give(doubt, doubt.suggestedLabel),
              },
              { key: 'x', title: 'Remove', kind: 'danger', choose: () => remove.mutate({ ids: [doubt.image.id] }) },
            ]}
          >
            {(doubt) => <DoubtfulLabel doubt={doubt} dataset={dataset} onRelabel={(label) => give(doubt, label)} />}
          </Review>
        </div>
      )}
    </Answer>
  )
}

function doubtsOf({ node }: DoubtfulLabelsQuery) {
  return node?.__typename === 'Dataset' ? node.health.doubtfulLabels : null
}

interface Props {
  readonly doubt: Doubt
  readonly dataset: FullDataset
  readonly onRelabel: (label: string) => void
}

function DoubtfulLabel({ doubt, dataset, onRelabel }: Props) {
  const classes = useId()
  const { image, givenLabel, suggestedLabel, score } = doubt
  return (
    <div className="doubt">
      <Picture src={image.url} alt={`${givenLabel}, ${image.fileName}`} />
      <div className="stack">
        <p>
          Its label is <strong>{givenLabel}</strong>. A model that learnt from all other pictures takes it for{' '}
          <strong>{suggestedLabel}</strong>.
        </p>
        <ScoreBar label={`${suggestedLabel} rather than ${givenLabel}`} share={score} />
        <div className="row row--line">
          <span>Class</span>
          <Relabel key={`${image.id} ${givenLabel}`} picture={image} classes={classes} onRelabel={onRelabel} />
        </div>
        <div className="picture">
          <PictureFacts picture={image} />
        </div>
        <ClassChoices id={classes} dataset={dataset} />
      </div>
    </div>
  )
}
