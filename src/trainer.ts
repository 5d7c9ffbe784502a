/** The trainer's composition root: reads the configuration, connects, supervises, and stops all of it in order. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Logger } from 'pino'
import { loadConfig, type Config } from './config/config.js'
import { ownVersion } from './config/version.js'
import { openDatabase } from './database/database.js'
import { createEvents } from './events/postgres-events.js'
import { createQueue } from './jobs/boss-queue.js'
import { openLog } from './monitoring/log.js'
import { createRegistry } from './monitoring/registry.js'
import { observeWork } from './monitoring/work.metrics.js'
import { announce, exitOnFailure, stopOnSignals } from './server.process.js'
import { openStorage } from './storage/open-storage.js'
import { startSupervisor, type Supervisor } from './supervisor/supervisor.js'
import { serveMonitoring, type TrainerMonitoring } from './trainer.monitoring.js'

/** A trainer that was suspended while it wrote must not keep others from taking over its run. */
const IDLE_IN_TRANSACTION_MS = 8_000

export interface RunningTrainer {
  /** Of its health and metrics; undefined where they are not served. */
  readonly url: string | undefined
  close(): Promise<void>
}

/** Handing over writes a few rows. With the database out of reach the next trainer finds the runs without it. */
const HAND_OVER_WITHIN_MS = 4000

export async function startTrainer(options: {
  config: Config
  /** Path of the built compute.js. */
  computeEntry: string
  /** Path of the built evaluate.js. */
  evaluationEntry: string
  log: Logger
}): Promise<RunningTrainer> {
  const { config, log } = options
  const registry = createRegistry({ role: 'trainer', version: await ownVersion() })
  const database = await openDatabase({
    ...{ config, applicationName: 'graft-trainer', log },
    idleInTransactionMs: IDLE_IN_TRANSACTION_MS,
  })
  const events = createEvents({ url: database.url, log })
  const queue = createQueue({ url: database.url, log, supervise: true })
  let supervisor: Supervisor | undefined
  let monitoring: TrainerMonitoring | undefined
  const close = async (): Promise<void> => {
    monitoring?.health.drain()
    // The queue comes after the runs: handing one over puts a job into it.
    await Promise.race([supervisor?.stop(), sleep(HAND_OVER_WITHIN_MS, undefined, { ref: false })])
    await Promise.allSettled([queue.stop(), events.close()])
    await monitoring?.close()
    await database.close()
  }
  try {
    const [storage] = await Promise.all([openStorage(config), events.start(), queue.start()])
    monitoring = await serveMonitoring({
      ...{ config, log, registry, database, events, storage },
      fault: () => (supervisor === undefined ? 'it is starting' : supervisor.fault()),
    })
    const observer = observeWork(registry)
    supervisor = await startSupervisor({
      ...options,
      prisma: database.prisma,
      databaseUrl: database.url,
      ...{ storage, events, queue, observer },
    })
    return { url: monitoring.url, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function main(): Promise<void> {
  const config = loadConfig()
  const log = openLog('trainer', config)
  const entry = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
  const entries = { computeEntry: entry('compute.js'), evaluationEntry: entry('evaluate.js') }
  const starting = startTrainer({ config, ...entries, log })
  // From the first moment on: a database that was just started must not be left behind.
  stopOnSignals(async () => (await starting).close(), log)
  const { url } = await starting
  announce(`Graft's trainer is ready${url === undefined ? '' : `; its health is at ${url}/health/ready`}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await exitOnFailure(main, 'GRAFT_TRAINER_')
