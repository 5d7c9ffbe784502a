import { fromPrisma, PgBoss, type JobWithMetadata, type QueueOptions, type QueuePolicy } from 'pg-boss'
import type { Logger } from 'pino'
import { payloadSchemas, QUEUE_NAMES, rowIdOf, type JobPayloads, type QueueName } from './payloads.js'
import type { Queue } from './queue.js'

const DAY_SECONDS = 24 * 3600

/**
 * A job without a heartbeat for 10 seconds (pg-boss's least) is taken again; looked for every second. What a job may cost
 * in attempts is for its row to say, so the queue itself hardly gives up.
 */
const QUEUE_OPTIONS: QueueOptions & { policy: QueuePolicy } = {
  // One unfinished job for a row, however many processes find the row without one.
  policy: 'exclusive',
  heartbeatSeconds: 10,
  expireInSeconds: DAY_SECONDS - 3600,
  retryLimit: 1000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 5,
  retentionSeconds: 365 * DAY_SECONDS,
  deleteAfterSeconds: DAY_SECONDS,
}
const SUPERVISE_SECONDS = 1
const POLLING_SECONDS = 0.5
const STOP_TIMEOUT_MS = 1500

/** Only processes that work should supervise: that is what notices dead workers. */
export function createQueue(options: { url: string; log: Logger; supervise: boolean }): Queue {
  const { url, log, supervise } = options
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'graft-jobs',
    schema: 'pgboss',
    max: 4,
    supervise,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    schedule: false,
    registerInstance: false,
  })
  boss.on('error', (error) => {
    log.warn({ err: error }, 'The queue met an error; it goes on.')
  })
  return new BossQueue(boss)
}

class BossQueue implements Queue {
  readonly #boss: PgBoss
  readonly #stopping = new AbortController()

  constructor(boss: PgBoss) {
    this.#boss = boss
  }

  async start(): Promise<void> {
    await this.#boss.start()
    for (const name of QUEUE_NAMES) await this.#boss.createQueue(name, QUEUE_OPTIONS)
  }

  enqueue: Queue['enqueue'] = async (tx, { queue, payload, startAfterSeconds = 0 }) => {
    const data = payloadSchemas[queue].parse(payload)
    await this.#boss.send(queue, data, {
      db: fromPrisma(tx),
      singletonKey: rowIdOf(payload),
      startAfter: startAfterSeconds,
    })
  }

  work: Queue['work'] = async (queue, handler, { concurrency = 1 } = {}) => {
    const options = {
      includeMetadata: true,
      pollingIntervalSeconds: POLLING_SECONDS,
      localConcurrency: concurrency,
    } as const
    await this.#boss.work(queue, options, async (jobs: JobWithMetadata<unknown>[]) => {
      for (const job of jobs) {
        await handler(readPayload(queue, job.data), {
          signal: AbortSignal.any([job.signal, this.#stopping.signal]),
          attempt: job.retryCount + 1,
        })
      }
    })
  }

  async withoutJob(queue: QueueName, ids: readonly string[]): Promise<string[]> {
    const missing: string[] = []
    for (const id of ids) {
      const jobs = await this.#boss.findJobs(queue, { key: id })
      if (!jobs.some(({ state }) => UNFINISHED.has(state))) missing.push(id)
    }
    return missing
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The process is stopping.'))
    await this.#boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS })
  }
}

const UNFINISHED = new Set<string>(['created', 'retry', 'active'])

function readPayload<Name extends QueueName>(queue: Name, data: unknown): JobPayloads[Name] {
  return payloadSchemas[queue].parse(data) as JobPayloads[Name]
}
