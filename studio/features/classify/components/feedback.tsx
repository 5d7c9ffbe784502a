import { useState } from 'react'
import { useChange } from '../../../api/api.js'
import { Button, Notice } from '../../../components/controls.js'
import { Refusals } from '../../../components/refusal.js'
import { CorrectPredictionDocument, type PredictionFactsFragment } from '../queries/classify.documents.js'

interface Props {
  readonly prediction: PredictionFactsFragment
  readonly classNames: readonly string[]
}

/** Whether it is right, or what it is instead: what a person says, kept beside what the model said. */
export function Feedback({ prediction, classNames }: Props) {
  const correct = useChange(CorrectPredictionDocument, ['predictions'])
  const [instead, setInstead] = useState('')
  const others = classNames.filter((name) => name !== prediction.label)
  const answer = correct.data?.recordFeedback
  const say = (correctLabel: string): void => correct.mutate({ predictionId: prediction.id, correctLabel })
  if (answer?.__typename === 'RecordFeedbackSuccess') {
    return <Notice>Noted: it is {answer.prediction.correctLabel}.</Notice>
  }
  return (
    <fieldset className="stack feedback">
      <legend>Is it {prediction.label}?</legend>
      <div className="row">
        <Button disabled={correct.isPending} onClick={() => say(prediction.label)}>
          Right
        </Button>
        {others.length > 0 && (
          <div className="row">
            <label htmlFor="right-label">or it is</label>
            <select
              id="right-label"
              className="input input--narrow"
              value={instead}
              onChange={(event) => setInstead(event.target.value)}
            >
              <option value="">Choose a class</option>
              {others.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
            <Button disabled={instead === '' || correct.isPending} onClick={() => say(instead)}>
              Correct it
            </Button>
          </div>
        )}
      </div>
      <Refusals of={[correct]} />
    </fieldset>
  )
}
