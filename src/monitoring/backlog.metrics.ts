import { Gauge, type Registry } from 'prom-client'
import { TRAINING_RUN_STATUSES } from '../domain/status.js'
import { QUEUE_NAMES } from '../jobs/payloads.js'
import type { Backlog } from './backlog.repository.js'
import { within } from './deadline.js'

/** Runs wait as rows, all else that a trainer takes as jobs. */
const QUEUES = ['run', ...QUEUE_NAMES]

/** However often and by however many it is scraped. */
const FRESH_MS = 5_000
/** Less than a scrape may take: what else there is to tell must not be lost with it. */
const ANSWER_WITHIN_MS = 3_000

/** Read when it is scraped. Where Postgres does not answer, the figures are left out and `graft_database_up` is 0. */
export function observeBacklog(registry: Registry, read: () => Promise<Backlog>): void {
  const latest = keepFresh(read, FRESH_MS)
  const gauge = (
    { name, help, labelNames }: { name: string; help: string; labelNames: string[] },
    show: (gauge: Gauge, backlog: Backlog) => void,
  ): void => {
    new Gauge({
      ...{ name, help, labelNames },
      registers: [registry],
      async collect() {
        const backlog = await latest()
        this.reset()
        if (backlog !== null) show(this, backlog)
      },
    })
  }
  gauge(
    {
      name: 'graft_queue_jobs',
      help: 'Unfinished runs, imports, evaluations and inspections by state: waiting for a trainer, or active in one.',
      labelNames: ['queue', 'state'],
    },
    (jobs, backlog) => {
      for (const queue of QUEUES) {
        const depth = backlog.queues.find((each) => each.queue === queue)
        jobs.set({ queue, state: 'waiting' }, depth?.waiting ?? 0)
        jobs.set({ queue, state: 'active' }, depth?.active ?? 0)
      }
    },
  )
  gauge(
    {
      name: 'graft_queue_oldest_waiting_seconds',
      help: 'How long the one that waits longest has waited; 0 where nothing waits.',
      labelNames: ['queue'],
    },
    (oldest, backlog) => {
      for (const queue of QUEUES) {
        oldest.set({ queue }, backlog.queues.find((each) => each.queue === queue)?.oldestSeconds ?? 0)
      }
    },
  )
  gauge(
    { name: 'graft_training_runs', help: 'All training runs by status.', labelNames: ['status'] },
    (runs, backlog) => {
      for (const status of TRAINING_RUN_STATUSES) {
        runs.set({ status }, backlog.runs.find((each) => each.status === status)?.count ?? 0)
      }
    },
  )
  new Gauge({
    name: 'graft_database_up',
    help: 'Whether Postgres answered this scrape.',
    registers: [registry],
    async collect() {
      this.set((await latest()) === null ? 0 : 1)
    },
  })
}

/** One reading at a time, shared by all who ask within `freshMs`; null where it fails. */
function keepFresh<Value>(read: () => Promise<Value>, freshMs: number): () => Promise<Value | null> {
  let latest: Promise<Value | null> | undefined
  let readAt = -Infinity
  return () => {
    if (latest === undefined || performance.now() - readAt > freshMs) {
      readAt = performance.now()
      latest = within(ANSWER_WITHIN_MS, read()).catch(() => null)
    }
    return latest
  }
}
