/** The pictures behind the report: those that cost most first, or those of one cell of the confusion matrix. */
import { usePages } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Button, Picture } from '../../../components/controls.js'
import { percent } from '../../../components/format.js'
import { type OutcomesQuery, OutcomesDocument } from '../queries/reports.documents.js'
import type { Cell } from './report.js'

const PAGE = 24

interface Props {
  readonly evaluationId: string
  readonly cell: Cell
  readonly onCell: (cell: Cell) => void
}

export function OutcomeGallery({ evaluationId, cell, onCell }: Props) {
  const { actual, predicted } = cell
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
          <Button kind="quiet" onClick={() => onCell({})}>
            Show all
          </Button>
        )}
      </div>
      <Answer query={outcomes}>
        {() => (
          <ul className="gallery">
            {outcomes.items.map((outcome) => (
              <li key={outcome.id}>
                <OutcomePicture outcome={outcome} />
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

function OutcomePicture({ outcome }: { outcome: OutcomeConnection['nodes'][number] }) {
  const { image, actual, predicted, scores, loss } = outcome
  const said = scores.find((score) => score.label === predicted)
  return (
    <Picture src={image.url} alt={`${actual}, ${image.fileName}`}>
      <span title={image.fileName}>
        {actual === predicted ? actual : `${actual} → ${predicted}`}
        <br />
        <span className="soft number">
          {percent(said?.probability, 1)} sure, loss {loss.toFixed(2)}
        </span>
      </span>
    </Picture>
  )
}
