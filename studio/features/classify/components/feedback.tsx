import { useState } from 'react'
import { useChange } from '../../../api/api.js'
import { Button, Notice } from '../../../components/controls.js'
import { Refusals } from '../../../components/refusal.js'
import { CorrectPredictionDocument, type PredictionFactsFragment } from '../queries/classify.documents.js'

interface Props {
  readonly prediction: PredictionFactsFragment
  readonly classNames: readonly string[]
}

/** "Wrong? It is …": what a person says it is, kept beside what the model said. */
export function Feedback({ prediction, classNames }: Props) {
  const correct = useChange(CorrectPredictionDocument, ['predictions'])
  const [label, setLabel] = useState(prediction.label)
  const answer = correct.data?.recordFeedback
  if (answer?.__typename === 'RecordFeedbackSuccess') {
    return <Notice>Noted: it is {answer.prediction.correctLabel}.</Notice>
  }
  return (
    <div className="stack">
      <div className="row">
        <label htmlFor="right-label">Wrong? It is</label>
        <select
          id="right-label"
          className="input input--narrow"
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        >
          {classNames.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <Button
          disabled={correct.isPending}
          onClick={() => correct.mutate({ predictionId: prediction.id, correctLabel: label })}
        >
          {label === prediction.label ? 'It is right' : 'Correct it'}
        </Button>
      </div>
      <Refusals of={[correct]} />
    </div>
  )
}
