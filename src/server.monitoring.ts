/** What a server shows its operators: whether it can do its work, and its figures. */
import type { FastifyInstance } from 'fastify'
import type { Database } from './database/database.js'
import type { SocketServer } from './graphql/websocket.js'
import { observeBacklog } from './monitoring/backlog.metrics.js'
import { BacklogRepository } from './monitoring/backlog.repository.js'
import { observePool } from './monitoring/database.metrics.js'
import { checkDatabase, checkStorage } from './monitoring/health.checks.js'
import { createHealth, type Health } from './monitoring/health.js'
import { serveHealth } from './monitoring/health.route.js'
import { observeSockets } from './monitoring/http.metrics.js'
import { serveMetrics } from './monitoring/metrics.route.js'
import type { ServerMetrics } from './monitoring/server.metrics.js'
import type { BlobStore } from './storage/blob-store.js'

interface Rooms {
  readonly metrics: ServerMetrics
  readonly database: Database
  readonly storage: BlobStore
  readonly sockets: SocketServer
  /** Rejects where the `authorization` may not read. */
  readonly authorise: (authorization: string | undefined) => Promise<void>
}

export function serveMonitoring(app: FastifyInstance, rooms: Rooms): Health {
  const { metrics, database, storage, sockets, authorise } = rooms
  const { registry } = metrics
  const backlog = new BacklogRepository(database.prisma)
  observeSockets(registry, sockets)
  observePool(registry, database.pool)
  observeBacklog(registry, () => backlog.read())
  serveMetrics(app, { registry, authorise })
  const health = createHealth({
    database: checkDatabase(database.prisma, database.migrations),
    storage: checkStorage(storage),
  })
  serveHealth(app, health)
  return health
}
