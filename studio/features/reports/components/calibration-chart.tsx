/** How often the model is right when it is so sure: a reliability diagram, and the same as figures. */
import { count, percent } from '../../../components/format.js'
import type { CalibrationBinFiguresFragment } from '../queries/reports.documents.js'
import './calibration-chart.css'

interface Props {
  readonly bins: readonly CalibrationBinFiguresFragment[]
  /** Expected calibration error, 0 to 1. */
  readonly error: number
  /** The same after scaling by the checkpoint's temperature; null without one. */
  readonly calibrated: { readonly temperature: number; readonly expectedCalibrationError: number } | null
}

export function CalibrationChart({ bins, error, calibrated }: Props) {
  return (
    <figure className="calibration">
      <figcaption className="stack">
        <h3>Calibration</h3>
        <p className="small soft number">
          Expected calibration error {percent(error, 1)}
          {calibrated !== null &&
            `; ${percent(calibrated.expectedCalibrationError, 1)} at its temperature of ${calibrated.temperature.toFixed(2)}`}
        </p>
      </figcaption>
      <Diagram bins={bins} />
      <details>
        <summary>In figures</summary>
        <Bins bins={bins} />
      </details>
    </figure>
  )
}

/** Side of the square in the diagram's own units, so that a share of 0.01 is one. */
const SIDE = 100
const TICKS = [0, 0.5, 1]

/** A bar is a bin as high as its accuracy; where it ends below the diagonal, the model was too sure. */
function Diagram({ bins }: Pick<Props, 'bins'>) {
  return (
    <svg className="calibration__diagram" viewBox="-20 -5 126 124" aria-hidden="true">
      {TICKS.map((tick) => (
        <g key={tick}>
          <line className="calibration__grid" x1="0" x2={SIDE} y1={SIDE * (1 - tick)} y2={SIDE * (1 - tick)} />
          <text x="-3" y={SIDE * (1 - tick) + 2} textAnchor="end">
            {percent(tick, 0)}
          </text>
          <text x={SIDE * tick} y={SIDE + 8} textAnchor={tick === 0 ? 'start' : tick === 1 ? 'end' : 'middle'}>
            {percent(tick, 0)}
          </text>
        </g>
      ))}
      {bins.map(({ from, to, accuracy }) => (
        <rect
          key={from}
          className="calibration__bar"
          x={SIDE * from + 0.75}
          width={SIDE * (to - from) - 1.5}
          y={SIDE * (1 - (accuracy ?? 0))}
          height={SIDE * (accuracy ?? 0)}
        />
      ))}
      <line className="calibration__ideal" x1="0" y1={SIDE} x2={SIDE} y2="0" />
      {bins.map(
        ({ from, accuracy, meanConfidence }) =>
          accuracy !== null &&
          meanConfidence !== null && (
            <circle key={from} cx={SIDE * meanConfidence} cy={SIDE * (1 - accuracy)} r="1.75" fill="var(--accent)" />
          ),
      )}
      <text x={SIDE / 2} y={SIDE + 16} textAnchor="middle">
        how sure, and how often right
      </text>
    </svg>
  )
}

function Bins({ bins }: Pick<Props, 'bins'>) {
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label="Calibration in figures">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Sure</th>
            <th scope="col" className="right">
              On average
            </th>
            <th scope="col" className="right">
              Right
            </th>
            <th scope="col" className="right">
              Pictures
            </th>
          </tr>
        </thead>
        <tbody>
          {bins.map((bin) => (
            <tr key={bin.from}>
              <th scope="row">
                {percent(bin.from, 0)} – {percent(bin.to, 0)}
              </th>
              <td className="right">{percent(bin.meanConfidence, 1)}</td>
              <td className="right">{percent(bin.accuracy, 1)}</td>
              <td className="right">{count(bin.count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
