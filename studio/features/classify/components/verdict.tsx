/** What the model says of a picture, and why: cells of the page's grid. */
import { useState } from 'react'
import { ScoreBar } from '../../../components/controls.js'
import { percent } from '../../../components/format.js'
import type { Sight } from '../looks.js'
import type { PredictionFactsFragment } from '../queries/classify.documents.js'
import { Feedback } from './feedback.js'
import { Alike, Explanation } from './why.js'

interface Props {
  readonly prediction: PredictionFactsFragment
  /** Null once the checkpoint was deleted: nobody can say why then. */
  readonly sight: Sight | null
  readonly classNames: readonly string[]
}

export function Verdict({ prediction, sight, classNames }: Props) {
  const [explained, setExplained] = useState(prediction.label)
  return (
    <>
      <div className="stack">
        <h2>
          {prediction.label}, {percent(prediction.confidence, 1)}
        </h2>
        <ul className="stack" aria-label="Scores">
          {prediction.scores.map(({ label, probability }) => (
            <li key={label}>
              <button
                type="button"
                className="score"
                title={`Show what speaks for ${label}`}
                aria-pressed={label === explained}
                onClick={() => setExplained(label)}
              >
                <ScoreBar label={label} share={probability} />
              </button>
            </li>
          ))}
        </ul>
        <p className="small soft number">{prediction.latencyMs.toFixed(0)} ms in the server</p>
        <Feedback prediction={prediction} classNames={classNames} />
      </div>
      {sight !== null && <Explanation sight={sight} label={explained} />}
      {sight !== null && <Alike sight={sight} />}
    </>
  )
}
