/** Follows the imports of a dataset to their ends, whichever of its views is open: what they add shows in all of them. */
import { useApi, useFeed, usePatch, useRefresh } from '../../../api/api.js'
import {
  type ImportFiguresFragment,
  ImportMovedDocument,
  type ImportMovedSubscription,
} from '../queries/datasets.documents.js'

export function isUnderWay({ state }: Pick<ImportFiguresFragment, 'state'>): boolean {
  return state === 'QUEUED' || state === 'RUNNING'
}

export function FollowImports({ imports }: { imports: readonly ImportFiguresFragment[] }) {
  return imports.filter(isUnderWay).map(({ id }) => <FollowImport key={id} id={id} />)
}

function FollowImport({ id }: { id: string }) {
  const { client } = useApi()
  const patch = usePatch('datasets')
  const refresh = useRefresh()
  useFeed(id, {
    open: (signal) => client.subscribe(ImportMovedDocument, { id }, { signal }),
    onValue: ({ importProgress }: ImportMovedSubscription) => {
      patch([importProgress])
      if (isUnderWay(importProgress)) return
      refresh('datasets')
      refresh('pictures')
    },
  })
  return null
}
