import type { TrainingRun } from '../database/generated/client.js'
import { isFinal } from '../domain/status.js'
import type { Events } from '../events/events.js'
import { persistently, ringing } from '../graphql/streams.js'
import type { RunChangeRepository } from './run-change.repository.js'

/** Clocks of two machines may differ by this much, and a transaction may take as long to commit. */
const OVERLAP_MS = 60_000

/**
 * Runs that were created or changed their status from now on, each as it stands when it is read. A ring does not say which
 * run it is about, so what may have changed is read and compared with what was seen.
 */
export async function runChangeFeed(
  { events, changes }: { events: Events; changes: RunChangeRepository },
  datasetId: string | null,
): Promise<AsyncIterableIterator<TrainingRun>> {
  const bell = events.bell('runs', datasetId ?? undefined)
  const seen = new SeenRuns(changes, datasetId)
  try {
    await seen.look()
  } catch (error) {
    bell.close()
    throw error
  }
  return ringing(bell, async function* (wait) {
    while (await wait()) yield* await persistently(() => seen.look(), bell)
  })
}

class SeenRuns {
  #states = new Map<string, { readonly state: string; readonly ended: boolean }>()
  #since: Date | null = null

  constructor(
    private readonly changes: RunChangeRepository,
    private readonly datasetId: string | null,
  ) {}

  /** The runs that differ from the last look. */
  async look(): Promise<TrainingRun[]> {
    const since = new Date((await this.changes.now()).getTime() - OVERLAP_MS)
    const ids = [...this.#states].filter(([, { ended }]) => !ended).map(([id]) => id)
    const runs = await this.changes.candidates({ datasetId: this.datasetId, since: this.#since ?? since, ids })
    const before = this.#states
    this.#states = new Map(runs.map((run) => [run.id, { state: stateOf(run), ended: isFinal(run.status) }]))
    this.#since = since
    return runs.filter((run) => before.get(run.id)?.state !== stateOf(run))
  }
}

function stateOf({ status, finishedAt }: TrainingRun): string {
  return `${status} ${finishedAt?.toISOString() ?? ''}`
}
