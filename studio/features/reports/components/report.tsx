/** An evaluation as people know it: figures, the per-class table, the confusion matrix, and the pictures behind a cell. */
import { useAsk } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Figure, Notice } from '../../../components/controls.js'
import { percent } from '../../../components/format.js'
import { type ReportQuery, ReportDocument } from '../queries/reports.documents.js'
import { ConfusionMatrix } from './confusion-matrix.js'
import { OutcomeGallery } from './outcome-gallery.js'

type Evaluation = Extract<NonNullable<ReportQuery['node']>, { __typename: 'Evaluation' }>
export type FullReport = NonNullable<Evaluation['report']>

export interface Cell {
  readonly actual?: string
  readonly predicted?: string
}

interface Props {
  readonly evaluationId: string
  readonly cell: Cell
  readonly onCell: (cell: Cell) => void
}

export function Report({ evaluationId, cell, onCell }: Props) {
  const query = useAsk('evaluations', ReportDocument, { id: evaluationId })
  return (
    <Answer query={query}>
      {({ node }) => {
        if (node?.__typename !== 'Evaluation') return <Notice>This evaluation was deleted.</Notice>
        const { report, error, split, loss } = node
        if (report === null)
          return <Notice tone={error === null ? 'plain' : 'bad'}>{error ?? 'It is being computed.'}</Notice>
        return (
          <div className="stack">
            <div className="figures">
              <Figure label={`accuracy on ${split.toLowerCase()}`}>{percent(report.accuracy)}</Figure>
              <Figure label="macro F1">{report.macroAvg.f1Score.toFixed(4)}</Figure>
              <Figure label="loss">{loss?.toFixed(4) ?? '–'}</Figure>
              <Figure label="pictures">{report.microAvg.support}</Figure>
            </div>
            <div className="grid">
              <ClassTable report={report} />
              <ConfusionMatrix
                classNames={node.datasetVersion.classNames}
                matrix={report.confusionMatrix}
                open={cell}
                onOpen={onCell}
              />
            </div>
            <OutcomeGallery evaluationId={evaluationId} cell={cell} onCell={onCell} />
          </div>
        )
      }}
    </Answer>
  )
}

function ClassTable({ report }: { report: FullReport }) {
  const averages = [
    { label: 'micro avg', ...report.microAvg },
    { label: 'macro avg', ...report.macroAvg },
    { label: 'weighted avg', ...report.weightedAvg },
  ]
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label="Per class">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" className="right">
              F1
            </th>
            <th scope="col" className="right">
              Precision
            </th>
            <th scope="col" className="right">
              Recall
            </th>
            <th scope="col" className="right">
              Pictures
            </th>
          </tr>
        </thead>
        <tbody>
          {report.perClass.map((row) => (
            <MetricsRow key={row.label} row={row} />
          ))}
        </tbody>
        <tfoot className="soft">
          {averages.map((row) => (
            <MetricsRow key={row.label} row={row} />
          ))}
        </tfoot>
      </table>
    </div>
  )
}

function MetricsRow({ row }: { row: FullReport['perClass'][number] }) {
  return (
    <tr>
      <th scope="row">{row.label}</th>
      <td className="right">{row.f1Score.toFixed(4)}</td>
      <td className="right">{row.precision.toFixed(4)}</td>
      <td className="right">{row.recall.toFixed(4)}</td>
      <td className="right">{row.support}</td>
    </tr>
  )
}
