/** The epochs of one run as they come: those already stored first, then each as it finishes, none twice. */
import { useMemo, useState } from 'react'
import { useApi, useFeed, useRefresh } from '../../api/api.js'
import type { LineState } from '../../api/api.js'
import { type LiveEpochFragment, RunEpochsDocument, type RunEpochsSubscription } from './queries/runs.documents.js'

interface Known {
  readonly runId: string
  readonly epochs: readonly LiveEpochFragment[]
}

export function useEpochs(runId: string): { epochs: readonly LiveEpochFragment[]; line: LineState } {
  const { client } = useApi()
  const refresh = useRefresh()
  const [known, setKnown] = useState<Known>({ runId, epochs: [] })
  const epochs = useMemo(() => (known.runId === runId ? known.epochs : []), [known, runId])
  const { line } = useFeed(runId, {
    open: (signal) =>
      client.subscribe(RunEpochsDocument, { id: runId, afterEpoch: epochs.at(-1)?.number ?? 0 }, { signal }),
    onValue: ({ epochCompleted }: RunEpochsSubscription) => {
      setKnown((before) => {
        const there = before.runId === runId ? before.epochs : []
        return epochCompleted.number > (there.at(-1)?.number ?? 0)
          ? { runId, epochs: [...there, epochCompleted] }
          : { runId, epochs: there }
      })
      refresh('runs')
    },
  })
  return { epochs, line }
}
