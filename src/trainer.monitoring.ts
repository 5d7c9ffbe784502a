/** What a trainer shows its operators, where GRAFT_TRAINER_PORT gives it an address. */
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Config } from './config/config.js'
import type { Database } from './database/database.js'
import { createMask } from './graphql/mask.js'
import { createAuthenticate } from './graphql/tokens.js'
import { observePool } from './monitoring/database.metrics.js'
import { checkDatabase, checkStorage } from './monitoring/health.checks.js'
import { createHealth, Unhealthy, type Health } from './monitoring/health.js'
import { listenForHealth } from './monitoring/trainer.listener.js'
import type { BlobStore } from './storage/blob-store.js'

interface Rooms {
  readonly config: Config
  readonly log: Logger
  readonly registry: Registry
  readonly database: Database
  readonly storage: BlobStore
  /** Why no run could be taken now. */
  readonly fault: () => string | null
}

export interface TrainerMonitoring {
  readonly health: Health
  readonly url: string | undefined
  close(): Promise<void>
}

export async function serveMonitoring(rooms: Rooms): Promise<TrainerMonitoring> {
  const { config, log, registry, database, storage } = rooms
  observePool(registry, database.pool)
  const health = createHealth({
    database: checkDatabase(database.prisma, database.migrations),
    storage: checkStorage(storage),
    trainer: () => {
      const fault = rooms.fault()
      return fault === null ? Promise.resolve() : Promise.reject(new Unhealthy(fault))
    },
  })
  if (config.trainerPort === undefined) return { health, url: undefined, close: () => Promise.resolve() }
  const listener = await listenForHealth({
    ...{ host: config.trainerHost, port: config.trainerPort, health, registry },
    authenticate: createAuthenticate(config.tokens),
    mask: createMask(log),
  })
  return { health, ...listener }
}
