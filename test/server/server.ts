/** A real server on a port of its own and a fresh database, with a worker for imports, for tests. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient as createEventClient, type Client as EventClient } from 'graphql-sse'
import { createClient, type Client } from 'graphql-ws'
import pino from 'pino'
import WebSocket from 'ws'
import { loadConfig } from '../../src/config/config.js'
import { ImportRepository } from '../../src/datasets/import/import.repository.js'
import { ImportRoots } from '../../src/datasets/import/import-roots.js'
import { runImport } from '../../src/datasets/import/import.runner.js'
import { createImageReader } from '../../src/images/image.reader.js'
import { createQueue } from '../../src/jobs/boss-queue.js'
import { UploadRepository } from '../../src/uploads/upload.repository.js'
import { startServer, type ServerOptions } from '../../src/server.js'
import type { BlobStore } from '../../src/storage/blob-store.js'
import { openStorage } from '../../src/storage/open-storage.js'
import { createTestDatabase, type TestDatabase } from '../database.js'

export interface Answer<Data> {
  readonly data?: Data
  readonly errors?: { message: string; path?: (string | number)[]; extensions: { code: string; id?: string } }[]
}

export interface TestServer {
  readonly url: string
  /** Its data folder. */
  readonly folder: string
  /** Absolute: a folder that may be imported. */
  readonly imports: string
  readonly storage: BlobStore
  readonly database: TestDatabase
  ask<Data = Record<string, unknown>>(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer<Data>>
  socket(connectionParams?: Record<string, unknown>): Client
  /** A client of the same operations over server-sent events. */
  events(headers?: Record<string, string>): EventClient
  /** Works off imports from now on, as a trainer would. */
  workImports(): Promise<void>
  /** A second server on the same database and storage; closed with this one. */
  another(): Promise<{ readonly url: string }>
  close(): Promise<void>
}

export async function createTestServer(
  env: Record<string, string> = {},
  options: Pick<ServerOptions, 'allowsAddress'> = {},
): Promise<TestServer> {
  const database = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'graft-server-'))
  const config = loadConfig({ PORT: '0', DATABASE_URL: database.url, GRAFT_DATA_DIR: folder, ...env })
  const log = pino({ level: 'silent' })
  const server = await startServer({ config, log, ...options })
  const closing: (() => Promise<unknown>)[] = []
  return {
    url: server.url,
    folder,
    imports: join(folder, 'imports'),
    storage: await openStorage(config),
    database,
    async ask<Data>(query: string, variables = {}, headers = {}) {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      })
      return (await response.json()) as Answer<Data>
    },
    socket(connectionParams = {}) {
      const client = createClient({
        url: `${server.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams,
        retryAttempts: 0,
      })
      closing.push(() => Promise.resolve(client.dispose()))
      return client
    },
    events(headers = {}) {
      const client = createEventClient({ url: `${server.url}/graphql/stream`, headers, retryAttempts: 0 })
      closing.push(() => {
        client.dispose()
        return Promise.resolve()
      })
      return client
    },
    async workImports() {
      const queue = createQueue({ url: database.url, log, supervise: true })
      const rooms = {
        imports: new ImportRepository(database.prisma),
        roots: new ImportRoots(config.importRoots),
        reader: createImageReader(config),
        storage: await openStorage(config),
        maxImageBytes: config.maxImageBytes,
        unpackLimits: config.unpackLimits,
        uploads: new UploadRepository(database.prisma),
        log,
      }
      await queue.start()
      await queue.work('import', ({ importId }, { signal }) => runImport(rooms, { importId, signal }))
      closing.push(() => queue.stop())
    },
    async another() {
      const other = await startServer({ config, log })
      closing.push(() => other.close())
      return other
    },
    async close() {
      for (const close of closing) await close()
      await server.close()
      await database.close()
      await rm(folder, { recursive: true })
    },
  }
}
