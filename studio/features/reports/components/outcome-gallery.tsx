/**
 * The pictures behind the report: those that cost most first, or those of one cell of the confusion matrix; as they are, or
 * under heat maps of what spoke for the class that they were taken for.
 */
import { usePages } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Button } from '../../../components/controls.js'
import { percent } from '../../../components/format.js'
import { HeatLegend, HeatMap } from '../../../components/heat-map.js'
import { type RunSearch, runSearch } from '../../../search.js'
import { type OutcomesQuery, OutcomesDocument } from '../queries/reports.documents.js'

const PAGE = 24

interface Props {
  readonly evaluationId: string
  readonly shown: RunSearch
  readonly onShow: (next: RunSearch) => void
}

export function OutcomeGallery({ evaluationId, shown, onShow }: Props) {
  const { actual, predicted, heat = false } = shown
  const outcomes = usePages('evaluations', {
    document: OutcomesDocument,
    variables: { id: evaluationId, first: PAGE, actual: actual ?? null, predicted: predicted ?? null },
    page: outcomesOf,
  })
  return (
    <section className="stack" aria-label="Pictures">
      <div className="row">
        <h3>{actual === undefined ? 'Top losses' : `${actual}, taken for ${predicted ?? 'anything'}`}</h3>
        {actual !== undefined && (
          <Button kind="quiet" onClick={() => onShow(runSearch({ heat }))}>
            Show all
          </Button>
        )}
        <Button aria-pressed={heat} onClick={() => onShow(runSearch({ ...shown, heat: !heat }))}>
          Heat maps
        </Button>
        {heat && <HeatLegend />}
      </div>
      <Answer query={outcomes}>
        {() => (
          <ul className="gallery">
            {outcomes.items.map((outcome) => (
              <li key={outcome.id}>
                <OutcomePicture outcome={outcome} heat={heat} />
              </li>
            ))}
          </ul>
        )}
      </Answer>
      {outcomes.hasNextPage && (
        <div>
          <Button disabled={outcomes.isFetchingNextPage} onClick={() => void outcomes.fetchNextPage()}>
            More
          </Button>
        </div>
      )}
    </section>
  )
}

type OutcomeConnection = Extract<NonNullable<OutcomesQuery['node']>, { __typename: 'Evaluation' }>['outcomes']

function outcomesOf({ node }: OutcomesQuery): OutcomeConnection | null {
  return node?.__typename === 'Evaluation' ? node.outcomes : null
}

function OutcomePicture({ outcome, heat }: { outcome: OutcomeConnection['nodes'][number]; heat: boolean }) {
  const { image, actual, predicted, scores, loss, explanationUrl } = outcome
  const said = scores.find((score) => score.label === predicted)
  const plain = <img src={image.url} alt={`${actual}, ${image.fileName}`} loading="lazy" decoding="async" />
  const instead = (
    <>
      {plain}
      <span className="soft">The heat map could not be drawn.</span>
    </>
  )
  return (
    <figure className="picture">
      {heat ? <HeatMap src={explanationUrl} label={`${predicted} in ${image.fileName}`} instead={instead} /> : plain}
      <figcaption>
        <span title={image.fileName}>
          {actual === predicted ? actual : `${actual} → ${predicted}`}
          <br />
          <span className="soft number">
            {percent(said?.probability, 1)}, loss {loss.toFixed(2)}
          </span>
        </span>
      </figcaption>
    </figure>
  )
}
