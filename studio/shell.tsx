/** What is around every page: the name, the ways to the others, and how the machine is. */
import { Link, Outlet } from '@tanstack/react-router'
import { useApi, useAsk } from './api/api.js'
import { Badge, Button, Empty } from './components/controls.js'
import { Later } from './components/later.js'
import { SystemStateDocument, type SystemStateQuery } from './system.documents.js'

const PAGES = [
  ['/runs', 'Runs'],
  ['/datasets', 'Datasets'],
  ['/models', 'Models'],
  ['/classify', 'Classify'],
] as const

export function Shell() {
  const { token, signIn } = useApi()
  return (
    <>
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <header className="top">
        <Link to="/runs" className="top__name">
          <img src="/icon.svg" alt="" width="24" height="24" />
          <span className="top__word">Graft</span>
        </Link>
        <nav className="top__links" aria-label="Pages">
          {PAGES.map(([to, name]) => (
            <Link key={to} to={to} activeProps={{ 'aria-current': 'page' }}>
              {name}
            </Link>
          ))}
        </nav>
        <div className="top__side">
          <SystemBadges />
          {token !== null && (
            <Button kind="quiet" onClick={() => signIn(null)}>
              Sign out
            </Button>
          )}
        </div>
      </header>
      <main id="page" className="page" tabIndex={-1}>
        <Outlet />
      </main>
    </>
  )
}

/** So long a trainer may take to begin after its server: one more look then, before it is called missing. */
const TRAINER_BEGINS_MS = 10_000

function SystemBadges() {
  const { data, refetch } = useAsk('system', SystemStateDocument, {})
  if (data === undefined) return null
  const { trainers, engine, trunk } = data.system
  return (
    <>
      {trunk?.pretrained === false && <Badge tone="busy">Random trunk: accuracies mean nothing</Badge>}
      {trainers.length === 0 ? (
        <Later ms={TRAINER_BEGINS_MS} before={refetch}>
          <Badge tone="bad">No trainer</Badge>
        </Later>
      ) : (
        <EngineBadge engine={engine} />
      )}
    </>
  )
}

function EngineBadge({ engine }: { engine: SystemStateQuery['system']['engine'] }) {
  if (engine === null) return null
  return (
    <span className="small soft top__engine" title={`${engine.device}, ${engine.version}`}>
      {engine.backend}
    </span>
  )
}

export function NothingHere() {
  return (
    <Empty title="There is nothing at this address">
      <p>It may have been deleted, or the link is not whole.</p>
      <Link to="/runs">All runs</Link>
    </Empty>
  )
}
