/** How a name does since it points where it does: what people said of its answers, and whether it is asked about other pictures. */
import { useAsk } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Badge, Figure } from '../../../components/controls.js'
import { count, percent } from '../../../components/format.js'
import { AliasFiguresDocument, type AliasFiguresQuery } from '../queries/models.documents.js'

type Figures = NonNullable<AliasFiguresQuery['alias']>

/** Times what is normal, from which on a shift is worth a look: docs/serving.md. */
const WORTH_A_LOOK = 2

export function AliasFigures({ name }: { name: string }) {
  const query = useAsk('predictions', AliasFiguresDocument, { name })
  return (
    <Answer query={query}>
      {({ alias }) =>
        alias !== null && (
          <div className="alias__figures">
            <Feedback feedback={alias.feedback} />
            <Drift drift={alias.drift} />
          </div>
        )
      }
    </Answer>
  )
}

function Feedback({ feedback: { count: said, accuracy } }: { feedback: Figures['feedback'] }) {
  return (
    <Figure label={said === 0 ? 'live accuracy: nobody has said what was right' : `live accuracy, by ${answers(said)}`}>
      {percent(accuracy, 1)}
    </Figure>
  )
}

function answers(said: number): string {
  return said === 1 ? 'feedback on one picture' : `feedback on ${count(said)} pictures`
}

function Drift({ drift: { predictionCount, shift, validationShift, undefinedBecause } }: { drift: Figures['drift'] }) {
  if (shift === null || validationShift === null) return <Figure label={`drift: ${undefinedBecause ?? ''}`}>–</Figure>
  return (
    <Figure
      label={`drift of the last ${count(predictionCount)} pictures, in standard deviations; ${validationShift.toFixed(2)} is normal`}
    >
      {shift.toFixed(2)} <DriftBadge ratio={shift / validationShift} />
    </Figure>
  )
}

function DriftBadge({ ratio }: { ratio: number }) {
  return ratio < WORTH_A_LOOK ? <Badge tone="good">As usual</Badge> : <Badge tone="busy">Worth a look</Badge>
}
