import { type ChangeEvent, useEffect, useEffectEvent, useState } from 'react'
import { useAsk } from '../../../api/api.js'
import { RUN_ORDERS, RUN_STATUSES, type RunsSearch, runsSearch } from '../../../search.js'
import { DatasetNamesDocument } from '../queries/runs.documents.js'
import { statusName } from '../run-status.js'

const ORDER_NAMES: Readonly<Record<(typeof RUN_ORDERS)[number], string>> = {
  CREATED_AT_DESC: 'Newest first',
  CREATED_AT_ASC: 'Oldest first',
  VALIDATION_ACCURACY_DESC: 'Best on validation',
  TEST_ACCURACY_DESC: 'Best on test',
}
const TYPED_AFTER_MS = 250

interface Props {
  readonly search: RunsSearch
  readonly onChange: (next: RunsSearch) => void
}

export function RunFilters({ search, onChange }: Props) {
  const datasets = useAsk('datasets', DatasetNamesDocument, {})
  const set = (name: keyof RunsSearch) => (event: ChangeEvent<HTMLSelectElement>) => {
    onChange(runsSearch({ ...search, [name]: event.target.value }))
  }
  return (
    <form className="row" role="search" aria-label="Runs" onSubmit={(event) => event.preventDefault()}>
      <NameFilter value={search.q ?? ''} onChange={(q) => onChange(runsSearch({ ...search, q }))} />
      <select className="input input--narrow" aria-label="Status" value={search.status ?? ''} onChange={set('status')}>
        <option value="">Any status</option>
        {RUN_STATUSES.map((status) => (
          <option key={status} value={status}>
            {statusName(status)}
          </option>
        ))}
      </select>
      <select
        className="input input--narrow"
        aria-label="Dataset"
        value={search.dataset ?? ''}
        onChange={set('dataset')}
      >
        <option value="">Any dataset</option>
        {datasets.data?.datasets.nodes.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        className="input input--narrow"
        aria-label="Order"
        value={search.order ?? 'CREATED_AT_DESC'}
        onChange={set('order')}
      >
        {RUN_ORDERS.map((order) => (
          <option key={order} value={order}>
            {ORDER_NAMES[order]}
          </option>
        ))}
      </select>
    </form>
  )
}

/** Asks once typing pauses, not at every letter. */
function NameFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState<string | null>(null)
  const tell = useEffectEvent(onChange)
  useEffect(() => {
    if (typed === null) return
    const timer = setTimeout(() => {
      tell(typed)
      setTyped(null)
    }, TYPED_AFTER_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <input
      type="search"
      className="input input--narrow"
      aria-label="Name contains"
      placeholder="Name contains …"
      value={typed ?? value}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
