/** The trainer's composition root: reads the configuration, connects, supervises, and stops all of it in order. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Logger } from 'pino'
import { loadConfig, type Config } from './config/config.js'
import { secretsOf } from './config/secrets.js'
import { openDatabase } from './database/database.js'
import { createEvents } from './events/postgres-events.js'
import { createQueue } from './jobs/boss-queue.js'
import { createLog } from './monitoring/log.js'
import { announce, exitOnFailure, stopOnSignals } from './server.process.js'
import { openStorage } from './storage/open-storage.js'
import { startSupervisor, type Supervisor } from './supervisor/supervisor.js'

export interface RunningTrainer {
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
  const database = await openDatabase({ config, applicationName: 'graft-trainer', log })
  const events = createEvents({ url: database.url, log })
  const queue = createQueue({ url: database.url, log, supervise: true })
  let supervisor: Supervisor | undefined
  const close = async (): Promise<void> => {
    // The queue comes after the runs: handing one over puts a job into it.
    await Promise.race([supervisor?.stop(), sleep(HAND_OVER_WITHIN_MS, undefined, { ref: false })])
    await Promise.allSettled([queue.stop(), events.close()])
    await database.close()
  }
  try {
    const [storage] = await Promise.all([openStorage(config), events.start(), queue.start()])
    supervisor = await startSupervisor({
      ...options,
      prisma: database.prisma,
      databaseUrl: database.url,
      ...{ storage, events, queue },
    })
    return { close }
  } catch (error) {
    await close()
    throw error
  }
}

async function main(): Promise<void> {
  const config = loadConfig()
  const log = createLog({ name: 'trainer', level: config.logLevel, secrets: secretsOf(config) })
  const entry = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
  const entries = { computeEntry: entry('compute.js'), evaluationEntry: entry('evaluate.js') }
  const starting = startTrainer({ config, ...entries, log })
  // From the first moment on: a database that was just started must not be left behind.
  stopOnSignals(async () => (await starting).close(), log)
  await starting
  announce("Graft's trainer is ready")
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await exitOnFailure(main)
