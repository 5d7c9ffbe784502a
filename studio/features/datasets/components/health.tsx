/** What is wrong with a dataset's pictures, and mending it. */
import { Link } from '@tanstack/react-router'
import { useApi, useAsk, useChange, useFeed, useRefresh } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Badge, Button, Empty, Figure, Notice } from '../../../components/controls.js'
import { count, counted, moment, noun } from '../../../components/format.js'
import { Refusals } from '../../../components/refusal.js'
import { type Leaks, leaksOf } from '../leaks.js'
import {
  HealthDocument,
  HealthMovedDocument,
  type HealthMovedSubscription,
  type HealthQuery,
  InspectDocument,
} from '../queries/health.documents.js'
import type { FullDataset } from './dataset-page.js'
import { DoubtfulLabels } from './doubtful-labels.js'
import { DuplicateGroups } from './duplicate-groups.js'
import { PictureGrid } from './picture-grid.js'

type KnownHealth = Extract<NonNullable<HealthQuery['node']>, { __typename: 'Dataset' }>['health']

export function Health({ dataset }: { dataset: FullDataset }) {
  const query = useAsk('datasets', HealthDocument, { id: dataset.id })
  return (
    <Answer query={query}>
      {({ node }) =>
        node?.__typename === 'Dataset' && (
          <>
            <Inspection dataset={dataset} health={node.health} />
            {node.health.computedAt !== null && (
              <Findings dataset={dataset} health={node.health} leaks={leaksOf(node)} />
            )}
          </>
        )
      }
    </Answer>
  )
}

interface Props {
  readonly dataset: FullDataset
  readonly health: KnownHealth
}

/** Where the last inspection stands, and asking for another one. */
function Inspection({ dataset, health }: Props) {
  const { state, computedAt, error, isCurrent } = health
  const isLive = useInspection(dataset.id, state)
  const inspect = useChange(InspectDocument, ['datasets'])
  const look = (title: string, isMain: boolean) => (
    <Button
      kind={isMain ? 'main' : 'plain'}
      disabled={inspect.isPending || isLive || dataset.imageCount === 0}
      onClick={() => inspect.mutate({ id: dataset.id })}
    >
      {title}
    </Button>
  )
  if (state === null) {
    return (
      <Empty title="Nobody has looked at these pictures yet">
        <p>
          Looked for are duplicates, also between splits, labels that a model doubts, classes of very different size and
          tiny pictures. It happens by itself beside the first run, or now.
        </p>
        {look('Look at them', true)}
        <Refusals of={[inspect]} />
      </Empty>
    )
  }
  return (
    <div className="stack">
      <div className="row">
        {look('Look again', !isCurrent)}
        {isLive && <Badge tone="busy">{state === 'QUEUED' ? 'About to look at them' : 'Looking at them'}</Badge>}
        <p className="soft" role="status">
          {computedAt === null
            ? 'Nothing is known yet.'
            : `${counted(health.imageCount ?? 0, 'picture')} looked at, ${moment(computedAt)}`}
        </p>
      </div>
      <Refusals of={[inspect]} />
      {error !== null && <Notice tone="bad">{error}</Notice>}
      {computedAt !== null && !isCurrent && !isLive && (
        <Notice tone="warn">Pictures or labels have changed since. What was found then is below.</Notice>
      )}
    </div>
  )
}

/** Follows an inspection to its end. @returns whether one is under way */
function useInspection(datasetId: string, state: KnownHealth['state']): boolean {
  const { client } = useApi()
  const refresh = useRefresh()
  const isLive = state === 'QUEUED' || state === 'RUNNING'
  useFeed(isLive ? datasetId : null, {
    open: (signal) => client.subscribe(HealthMovedDocument, { id: datasetId }, { signal }),
    onValue: ({ datasetHealthChanged }: HealthMovedSubscription) => {
      if (datasetHealthChanged.state !== state) refresh('datasets')
    },
  })
  return isLive
}

function Findings({ dataset, health, leaks }: Props & { leaks: Leaks | null }) {
  const { doubtfulLabels, duplicates, tinyImages, classBalance } = health
  const isClean = doubtfulLabels.totalCount + duplicates.totalCount + tinyImages.totalCount === 0
  return (
    <>
      <div className="figures">
        <Figure label={noun(doubtfulLabels.totalCount, 'doubtful label')}>{count(doubtfulLabels.totalCount)}</Figure>
        <Figure label={noun(duplicates.totalCount, 'group of duplicates', 'groups of duplicates')}>
          {count(duplicates.totalCount)}
        </Figure>
        {leaks !== null && (
          <Figure label={`${noun(leaks.count, 'leak')} between parts of version ${String(leaks.version)}`}>
            {count(leaks.count)}
          </Figure>
        )}
        <Figure label={noun(tinyImages.totalCount, 'tiny picture')}>{count(tinyImages.totalCount)}</Figure>
        {classBalance.ratio !== null && (
          <Figure label="largest class to smallest">{classBalance.ratio.toFixed(1)} : 1</Figure>
        )}
      </div>
      {isClean && <Notice>Nothing was found: no duplicates, no doubtful labels, no tiny pictures.</Notice>}
      <Balance balance={classBalance} />
      {leaks !== null && leaks.count > 0 && <LeakNotice datasetId={dataset.id} leaks={leaks} />}
      <div className="grid reviews">
        <DoubtfulLabels dataset={dataset} />
        <DuplicateGroups datasetId={dataset.id} leaks={leaks} />
      </div>
      {tinyImages.totalCount > 0 && <TinyPictures tiny={tinyImages} />}
    </>
  )
}

/** From where on training should weigh the classes: as the API's description of the ratio says. */
const UNEVEN = 3

function Balance({ balance: { ratio, largest, smallest } }: { balance: KnownHealth['classBalance'] }) {
  if (ratio === null || ratio < UNEVEN || largest === null || smallest === null) return null
  return (
    <Notice tone="warn">
      {largest.label} has {counted(largest.imageCount, 'picture')}, {smallest.label} {count(smallest.imageCount)}: train
      with balanced classes, or bring more in.
    </Notice>
  )
}

function LeakNotice({ datasetId, leaks }: { datasetId: string; leaks: Leaks }) {
  return (
    <Notice tone="warn">
      <p>
        Version {leaks.version} has {leaks.count === 1 ? 'a group' : `${count(leaks.count)} groups`} of duplicates in
        more than one part: what is measured there was learnt by heart.
      </p>
      <Link to="/datasets/$datasetId" params={{ datasetId }} search={{ view: 'versions' }}>
        Freeze a version that keeps duplicates together
      </Link>
    </Notice>
  )
}

const NO_MORE = { hasNextPage: false, isFetchingNextPage: false, fetchNextPage: () => undefined }

function TinyPictures({ tiny }: { tiny: KnownHealth['tinyImages'] }) {
  const { nodes, totalCount } = tiny
  return (
    <section className="stack" aria-label="Tiny pictures">
      <h2>Tiny pictures</h2>
      <p className="soft">
        A side has fewer than 32 pixels, so they show little.
        {totalCount > nodes.length && ` The ${count(nodes.length)} smallest of ${count(totalCount)}.`}
      </p>
      <PictureGrid pictures={nodes} more={NO_MORE} />
    </section>
  )
}
