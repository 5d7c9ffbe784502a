/** An evaluation as people know it: figures, the per-class table, the confusion matrix, and the pictures behind a cell. */
import { useAsk } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Figure, Notice } from '../../../components/controls.js'
import { percent } from '../../../components/format.js'
import { type RunSearch, runSearch } from '../../../search.js'
import { type ReportQuery, ReportDocument } from '../queries/reports.documents.js'
import { CalibrationChart } from './calibration-chart.js'
import { ConfusionMatrix } from './confusion-matrix.js'
import { OutcomeGallery } from './outcome-gallery.js'

type Evaluation = Extract<NonNullable<ReportQuery['node']>, { __typename: 'Evaluation' }>
type Scores = Evaluation['scoreReport']
export type FullReport = NonNullable<Evaluation['report']>

interface Props {
  readonly evaluationId: string
  readonly shown: RunSearch
  readonly onShow: (next: RunSearch) => void
}

export function Report({ evaluationId, shown, onShow }: Props) {
  const query = useAsk('evaluations', ReportDocument, { id: evaluationId })
  return (
    <Answer query={query}>
      {({ node }) => {
        if (node?.__typename !== 'Evaluation') return <Notice>This evaluation was deleted.</Notice>
        const { report, scoreReport, error, split, loss } = node
        if (report === null)
          return <Notice tone={error === null ? 'plain' : 'bad'}>{error ?? 'It is being computed.'}</Notice>
        return (
          <div className="stack">
            <p className="soft">
              Epoch {node.checkpoint.epoch} on {split.toLowerCase()} of {node.datasetVersion.dataset.name}, version{' '}
              {node.datasetVersion.number}
            </p>
            <div className="figures">
              <Figure label={`accuracy on ${split.toLowerCase()}`}>{percent(report.accuracy)}</Figure>
              <Figure label="macro F1">{report.macroAvg.f1Score.toFixed(4)}</Figure>
              <Figure label="loss">{loss?.toFixed(4) ?? '–'}</Figure>
              <Figure label="pictures">{report.microAvg.support}</Figure>
            </div>
            <div className="grid" style={{ ['--least' as string]: '36rem' }}>
              <ClassTable report={report} scores={scoreReport} />
              <div className="grid" style={{ ['--least' as string]: '16rem' }}>
                <ConfusionMatrix
                  classNames={node.datasetVersion.classNames}
                  matrix={report.confusionMatrix}
                  open={shown}
                  onOpen={(cell) => onShow(runSearch({ ...cell, heat: shown.heat }))}
                />
                {scoreReport !== null && (
                  <CalibrationChart
                    bins={scoreReport.calibrationCurve}
                    error={scoreReport.expectedCalibrationError}
                    calibrated={scoreReport.calibrated}
                  />
                )}
              </div>
            </div>
            <OutcomeGallery evaluationId={evaluationId} shown={shown} onShow={onShow} />
          </div>
        )
      }}
    </Answer>
  )
}

/** Areas under the ROC and the precision-recall curve, and why there are none. */
interface Areas {
  readonly rocAuc: number | null
  readonly averagePrecision: number | null
  readonly undefinedBecause?: string | null
}

type Row = FullReport['perClass'][number] & { readonly areas?: Areas | undefined }

const COLUMNS = ['F1', 'Precision', 'Recall', 'Pictures', 'ROC area', 'Avg. precision']

function ClassTable({ report, scores }: { report: FullReport; scores: Scores }) {
  const rows = report.perClass.map((row) => ({
    ...row,
    areas: scores?.perClass.find(({ label }) => label === row.label),
  }))
  const macro =
    scores === null ? undefined : { rocAuc: scores.macroRocAuc, averagePrecision: scores.macroAveragePrecision }
  const averages: readonly Row[] = [
    { label: 'micro avg', ...report.microAvg },
    { label: 'macro avg', ...report.macroAvg, areas: macro },
    { label: 'weighted avg', ...report.weightedAvg },
  ]
  const columns = scores === null ? COLUMNS.slice(0, 4) : COLUMNS
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label="Per class">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Class</th>
            {columns.map((name) => (
              <th key={name} scope="col" className="right">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <MetricsRow key={row.label} row={row} hasAreas={scores !== null} />
          ))}
        </tbody>
        <tfoot className="soft">
          {averages.map((row) => (
            <MetricsRow key={row.label} row={row} hasAreas={scores !== null} />
          ))}
        </tfoot>
      </table>
    </div>
  )
}

function MetricsRow({ row, hasAreas }: { row: Row; hasAreas: boolean }) {
  const { areas } = row
  return (
    <tr>
      <th scope="row">{row.label}</th>
      <td className="right">{row.f1Score.toFixed(4)}</td>
      <td className="right">{row.precision.toFixed(4)}</td>
      <td className="right">{row.recall.toFixed(4)}</td>
      <td className="right">{row.support}</td>
      {hasAreas && (
        <>
          <td className="right" title={areas?.undefinedBecause ?? undefined}>
            {areas?.rocAuc?.toFixed(4) ?? '–'}
          </td>
          <td className="right" title={areas?.undefinedBecause ?? undefined}>
            {areas?.averagePrecision?.toFixed(4) ?? '–'}
          </td>
        </>
      )}
    </tr>
  )
}
