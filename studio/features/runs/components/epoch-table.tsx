import { percent, rate } from '../../../components/format.js'
import type { LiveEpochFragment } from '../queries/runs.documents.js'

/** What the curves show, as figures. */
export function EpochTable({ epochs }: { epochs: readonly LiveEpochFragment[] }) {
  if (epochs.length === 0) return null
  return (
    <details>
      <summary>Every epoch in figures</summary>
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Epochs">
        <table className="table">
          <thead>
            <tr>
              {['Epoch', 'Train loss', 'Validation loss', 'Train', 'Validation', 'Macro F1', 'Rate', 'Seconds'].map(
                (title) => (
                  <th key={title} scope="col" className="right">
                    {title}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {epochs.map((epoch) => (
              <tr key={epoch.number}>
                <th scope="row" className="right">
                  {epoch.number}
                </th>
                <td className="right">{epoch.trainLoss.toFixed(4)}</td>
                <td className="right">{epoch.validationLoss.toFixed(4)}</td>
                <td className="right">{percent(epoch.trainAccuracy)}</td>
                <td className="right">{percent(epoch.validationAccuracy)}</td>
                <td className="right">{epoch.macroF1.toFixed(4)}</td>
                <td className="right">{rate(epoch.learningRate)}</td>
                <td className="right">{epoch.seconds.toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
