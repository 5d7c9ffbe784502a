/** The names that front ends ask for, and the checkpoints behind them. */
import { Link } from '@tanstack/react-router'
import { useApi, useAsk, useFeed, useRefresh } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Button, Empty } from '../../../components/controls.js'
import { AnyRunChangedDocument } from '../../runs/queries/runs.documents.js'
import { AliasListDocument, type AliasListQuery, RunsToServeDocument } from '../queries/models.documents.js'
import { AliasCard } from './alias-card.js'
import { PointAlias } from './point-alias.js'
import './models.css'

export type FullAlias = AliasListQuery['aliases'][number]

export function ModelsPage() {
  const query = useAsk('aliases', AliasListDocument, {})
  const refresh = useRefresh()
  useRunsThatEnd()
  const lookAgain = (): void => {
    refresh('aliases')
    refresh('predictions')
  }
  return (
    <>
      <header className="row row--spread">
        <div>
          <h1>Models</h1>
          <p className="soft">The names that front ends ask for, and the checkpoints behind them.</p>
        </div>
        <Button onClick={lookAgain}>Look again</Button>
      </header>
      <Answer query={query}>
        {({ aliases }) => (
          <>
            <ul className="grid grid--cards models">
              {aliases.map((alias) => (
                <li key={alias.id} className="card stack" aria-label={alias.name}>
                  <AliasCard alias={alias} />
                </li>
              ))}
            </ul>
            <NewAlias isFirst={aliases.length === 0} />
          </>
        )}
      </Answer>
    </>
  )
}

/** Runs that end give checkpoints to choose, and may take some with them. */
function useRunsThatEnd(): void {
  const { client } = useApi()
  const refresh = useRefresh()
  useFeed('models', {
    open: (signal) => client.subscribe(AnyRunChangedDocument, {}, { signal }),
    onValue: () => refresh('runs'),
  })
}

function NewAlias({ isFirst }: { isFirst: boolean }) {
  const query = useAsk('runs', RunsToServeDocument, { nameContains: null })
  return (
    <Answer query={query}>
      {({ trainingRuns }) =>
        trainingRuns.nodes.length === 0 && isFirst ? (
          <NoModels />
        ) : (
          <div className="grid grid--cards models">
            <section className="card stack">
              <h2>{isFirst ? 'Give a checkpoint a name' : 'Another name'}</h2>
              {isFirst && (
                <p>
                  Front ends that classify by a name get whatever it points to. Move it to a better checkpoint, and they
                  use that one from then on.
                </p>
              )}
              <PointAlias />
            </section>
          </div>
        )
      }
    </Answer>
  )
}

function NoModels() {
  return (
    <Empty title="There is no model yet">
      <p>One comes out of every run that succeeds. Give it a name then, for front ends to ask for.</p>
      <Link to="/train" search={{}} className="button button--main">
        Start a run
      </Link>
    </Empty>
  )
}
