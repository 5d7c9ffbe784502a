/** What a trainer shows its operators, where GRAFT_TRAINER_PORT gives it an address. */
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Config } from './config/config.js'
import type { Database } from './database/database.js'
import type { Events } from './events/events.js'
import { createMask } from './graphql/mask.js'
import { createAuthenticate } from './graphql/tokens.js'
import { observePool } from './monitoring/database.metrics.js'
import { checkDatabase, checkStorage } from './monitoring/health.checks.js'
import { createHealth, Unhealthy, type Health } from './monitoring/health.js'
import { listenForHealth } from './monitoring/trainer.listener.js'
import type { BlobStore } from './storage/blob-store.js'
import { TokenDirectory } from './tokens/token.directory.js'
import { TokenRepository } from './tokens/token.repository.js'

interface Rooms {
  readonly config: Config
  readonly log: Logger
  readonly registry: Registry
  readonly database: Database
  readonly events: Events
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
  const { config, log, registry, database, events, storage } = rooms
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
  const directory = new TokenDirectory(new TokenRepository(database.prisma), events, log)
  const listener = await listenForHealth({
    ...{ host: config.trainerHost, port: config.trainerPort, health, registry },
    authenticate: createAuthenticate(config.tokens, directory.callerOf),
    mask: createMask(log),
  })
  const close = async (): Promise<void> => {
    await Promise.all([listener.close(), directory.close()])
  }
  return { health, url: listener.url, close }
}
