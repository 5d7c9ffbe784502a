/** Why the model says so: where in the picture it finds a class, and what it learnt from that is most alike. */
import { Answer } from '../../../components/answer.js'
import { Notice, Picture } from '../../../components/controls.js'
import { count } from '../../../components/format.js'
import { HeatLegend, HeatMap } from '../../../components/heat-map.js'
import { type Sight, useAlike, useExplanation } from '../looks.js'
import type { AlikeQuery } from '../queries/classify.documents.js'

export function Explanation({ sight, label }: { sight: Sight; label: string }) {
  const query = useExplanation(sight, label)
  return (
    <section className="stack" aria-label="Heat map">
      <h2>What speaks for {label}</h2>
      <Answer query={query}>
        {(answer) => {
          if (answer.__typename !== 'Explanation') return <Notice>{answer.message}</Notice>
          if (answer.values.flat().every((value) => value === 0))
            return <Notice>Nothing in this picture speaks for {label}.</Notice>
          return (
            <>
              <HeatMap src={answer.url} label={label} instead={<Notice>The heat map could not be drawn.</Notice>} />
              <HeatLegend />
            </>
          )
        }}
      </Answer>
    </section>
  )
}

export function Alike({ sight }: { sight: Sight }) {
  const query = useAlike(sight)
  return (
    <section className="stack classify__alike" aria-label="Pictures most alike">
      <h2>Most alike, of the pictures that it learnt from</h2>
      <Answer query={query}>
        {(answer) =>
          answer.__typename === 'Neighbours' ? <Neighbours found={answer} /> : <Notice>{answer.message}</Notice>
        }
      </Answer>
    </section>
  )
}

function Neighbours({ found }: { found: Extract<AlikeQuery['neighbours'], { __typename: 'Neighbours' }> }) {
  const { pictures, comparedCount, trainingCount } = found
  return (
    <>
      <ul className="gallery">
        {pictures.map(
          ({ image, label, similarity }) =>
            image !== null && (
              <li key={image.id}>
                <Picture src={image.url} alt={`${label}, ${image.fileName}`}>
                  <span title={image.fileName}>
                    {label} <span className="soft number">{similarity.toFixed(3)}</span>
                  </span>
                </Picture>
              </li>
            ),
        )}
      </ul>
      <p className="small soft">
        The figure is the cosine of both pictures&apos; features: 1 where they are the same.
        {/* The picture itself, where it is one of them, is not looked at. */}
        {comparedCount < trainingCount - 1 &&
          ` ${count(comparedCount)} of ${count(trainingCount)} were looked at: the features of the others are not kept.`}
      </p>
    </>
  )
}
