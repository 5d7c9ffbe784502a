/** The history of runs: filtered and ordered by what its address says, live, and selected to be compared. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi, useFeed, usePages, usePatch, useRefresh } from '../../../api/api.js'
import { Answer } from '../../../components/answer.js'
import { Button, Empty } from '../../../components/controls.js'
import type { RunsSearch } from '../../../search.js'
import {
  AnyRunChangedDocument,
  type AnyRunChangedSubscription,
  RunListDocument,
  type RunListQuery,
} from '../queries/runs.documents.js'
import { RunFilters } from './run-filters.js'
import { RunTable } from './run-table.js'

const PAGE = 50

export function RunsPage() {
  const search = useSearch({ from: '/runs' })
  const navigate = useNavigate({ from: '/runs' })
  const { client } = useApi()
  const refresh = useRefresh()
  const patch = usePatch('runs')
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const runs = usePages('runs', { document: RunListDocument, variables: variablesOf(search), page: connection })
  useFeed('any run', {
    open: (signal) => client.subscribe(AnyRunChangedDocument, {}, { signal }),
    onValue: ({ trainingRunChanged: run }: AnyRunChangedSubscription) => {
      // Whether somebody trains is seen by it.
      refresh('system')
      if (staysInPlace(search) && runs.items.some(({ id }) => id === run.id)) patch([run])
      else refresh('runs')
    },
  })
  const toggle = (id: string): void => {
    setSelected((before) =>
      before.has(id) ? new Set([...before].filter((each) => each !== id)) : new Set([...before, id]),
    )
  }
  const isEmpty = Object.keys(search).length === 0 && runs.data !== undefined && runs.items.length === 0
  return (
    <>
      <div className="row row--spread">
        <h1>Runs</h1>
        <div className="row">
          {!isEmpty && (
            <Button
              disabled={selected.size < 2}
              onClick={() => void navigate({ to: '/compare', search: { runs: [...selected] } })}
            >
              Compare {selected.size > 1 ? selected.size : ''}
            </Button>
          )}
          <Link to="/train" search={{}} className={isEmpty ? 'button' : 'button button--main'}>
            Start a run
          </Link>
        </div>
      </div>
      {!isEmpty && <RunFilters search={search} onChange={(next) => void navigate({ search: next, replace: true })} />}
      <Answer query={runs}>
        {() =>
          runs.items.length === 0 ? (
            <NoRuns filtered={!isEmpty} />
          ) : (
            <RunTable runs={runs.items} selected={selected} onToggle={toggle} more={runs} />
          )
        }
      </Answer>
    </>
  )
}

function connection(result: RunListQuery): RunListQuery['trainingRuns'] {
  return result.trainingRuns
}

/** Whether a run whose status changes is still listed where it was. */
function staysInPlace({ status, order = 'CREATED_AT_DESC' }: RunsSearch): boolean {
  return status === undefined && (order === 'CREATED_AT_DESC' || order === 'CREATED_AT_ASC')
}

function variablesOf({ q, status, dataset, order }: RunsSearch) {
  return {
    first: PAGE,
    orderBy: order ?? ('CREATED_AT_DESC' as const),
    filter: { nameContains: q ?? null, statuses: status === undefined ? null : [status], datasetId: dataset ?? null },
  }
}

function NoRuns({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <Empty title="No run is like that">
        <Link to="/runs" search={{}}>
          Show all runs
        </Link>
      </Empty>
    )
  }
  return (
    <Empty title="Nothing has been trained yet">
      <p>
        A run needs pictures: make a dataset first, drop a folder with one folder per class into it, then start a run.
      </p>
      <Link to="/datasets" className="button button--main">
        Make a dataset
      </Link>
    </Empty>
  )
}
