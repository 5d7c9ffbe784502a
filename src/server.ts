/** The server's composition root: reads the configuration, builds, connects, listens, and stops all of it in order. */
import 'reflect-metadata'
import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Logger } from 'pino'
import type { GraphQLSchema } from 'graphql'
import { ExportRepository } from './checkpoints/export/export.repository.js'
import { serveExports } from './checkpoints/export/export.route.js'
import { sweepExports } from './checkpoints/export/export.sweep.js'
import { urlOf } from './config/address.js'
import { loadConfig, type Config } from './config/config.js'
import { ownVersion } from './config/version.js'
import { openDatabase, type Database } from './database/database.js'
import { isPublicAddress, type AddressPolicy } from './datasets/address.policy.js'
import { createImageFetch } from './datasets/image-fetch.js'
import { createImageLinks } from './datasets/image-links.js'
import { serveImages } from './datasets/image.route.js'
import { ImageRepository } from './datasets/image.repository.js'
import { createThumbnails } from './datasets/thumbnails.js'
import { createDownloadLinks } from './evaluations/download/download.links.js'
import { serveDownloads } from './evaluations/download/download.route.js'
import { createDownloads } from './evaluations/evaluations.module.js'
import type { Events } from './events/events.js'
import { createEvents } from './events/postgres-events.js'
import { startApollo } from './graphql/apollo.js'
import { Documents } from './graphql/documents.js'
import { createExecutor } from './graphql/execute.js'
import { observeExecutor } from './graphql/observed.executor.js'
import { requireScope } from './graphql/http.caller.js'
import { serveGraphql } from './graphql/graphql.route.js'
import { closeHttp, createHttp } from './graphql/http.js'
import { LiveConnections } from './graphql/live-connections.js'
import { createLinkSigner } from './graphql/link.signer.js'
import { NodeResolver } from './graphql/node.resolver.js'
import { nodeRegistry } from './graphql/node.type.js'
import { CLOSED, createOriginGuard, type OriginGuard } from './graphql/origin.js'
import { buildGraftSchema } from './graphql/schema.js'
import { serveEventStreams } from './graphql/sse.js'
import { createAuthenticate } from './graphql/tokens.js'
import { readTrustedDocuments } from './graphql/trusted-documents.js'
import { createSocketServer } from './graphql/websocket.js'
import { createImageReader } from './images/image.reader.js'
import { createClassifier } from './inference/classifier.js'
import { createQueue } from './jobs/boss-queue.js'
import type { Queue } from './jobs/queue.js'
import { observeHttp } from './monitoring/http.metrics.js'
import { openLog } from './monitoring/log.js'
import { createServerMetrics, type ServerMetrics } from './monitoring/server.metrics.js'
import { createNouns } from './nouns.js'
import { PredictionRepository } from './predictions/prediction.repository.js'
import { ModelRepository } from './predictions/model.repository.js'
import { startRetention } from './predictions/retention.js'
import { startWarmUp } from './predictions/warm-up.js'
import { RESOLVERS } from './resolvers.js'
import { serveMonitoring } from './server.monitoring.js'
import { TokenDirectory } from './tokens/token.directory.js'
import { TokenRepository } from './tokens/token.repository.js'
import { UploadRepository } from './uploads/upload.repository.js'
import { serveUploads } from './uploads/upload.route.js'
import { startUploadSweep } from './uploads/upload.sweep.js'
import { announce, exitOnFailure, stopOnSignals } from './server.process.js'
import { serveStudio } from './server.studio.js'
import { openStorage } from './storage/open-storage.js'

export interface RunningServer {
  /** Without a slash at its end: `http://127.0.0.1:4000`. */
  readonly url: string
  close(): Promise<void>
}

interface Rooms extends Required<ServerOptions> {
  readonly version: string
  readonly metrics: ServerMetrics
  readonly database: Database
  readonly events: Events
  readonly queue: Queue
}

export interface ServerOptions {
  readonly config: Config
  readonly log: Logger
  /** Where pictures are fetched from. No setting opens others: a caller could reach into the server's network. */
  readonly allowsAddress?: AddressPolicy
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, allowsAddress = isPublicAddress } = options
  await Promise.all(config.importRoots.filter((root) => root.startsWith(config.dataDir)).map(makeFolder))
  const version = await ownVersion()
  const metrics = createServerMetrics(version)
  const database = await openDatabase({ config, applicationName: 'graft-server', log })
  const events = createEvents({ url: database.url, log, onDelivered: metrics.onDelivered })
  const queue = createQueue({ url: database.url, log, supervise: false })
  const closeRooms = async (): Promise<void> => {
    await Promise.allSettled([events.close(), queue.stop()])
    await database.close()
  }
  try {
    await Promise.all([events.start(), queue.start()])
    return await serve({ config, log, allowsAddress, version, metrics, database, events, queue }, closeRooms)
  } catch (error) {
    await closeRooms()
    throw error
  }
}

async function serve(rooms: Rooms, closeRooms: () => Promise<void>) {
  const { config, log, allowsAddress, version, metrics, database, events, queue } = rooms
  const { prisma } = database
  const storage = await openStorage(config)
  const reader = createImageReader(config)
  const directory = new TokenDirectory(new TokenRepository(prisma), events, log)
  const authenticate = createAuthenticate(config.tokens, directory.callerOf)
  // The port may be picked while listening: what depends on it is asked for only when requests come in.
  let place: { url: string; guard: OriginGuard } = { url: '', guard: CLOSED }
  const guard = (): OriginGuard => place.guard
  const baseUrl = (): string => config.publicUrl ?? place.url
  const signer = createLinkSigner(config.tokens)
  const links = createImageLinks(signer, baseUrl)

  const classifier = createClassifier({ memoryBytes: config.servingBytes })
  const nouns = createNouns({
    config,
    prisma,
    storage,
    events,
    queue,
    reader,
    classifier,
    links,
    signer,
    fetchImage: createImageFetch({ ...config, allowsAddress, ports: config.imageUrlPorts }),
    baseUrl,
    log,
    version,
    onClassified: metrics.onClassified,
  })
  const registry = nodeRegistry(nouns.flatMap((noun) => noun.nodes))
  const instances = [new NodeResolver(registry, config.limits.nodes), ...nouns.flatMap((noun) => noun.resolvers)]
  const schema = await buildGraftSchema(RESOLVERS, instances)
  const documents = await openDocuments(config, schema)
  const plain = createExecutor({ schema, limits: config.limits, documents, log })
  const executor = observeExecutor(plain, metrics.operations)

  const apollo = await startApollo({ schema, executor, documents, limits: config.limits, log })
  const http = { limits: { ...config.limits, maxImageBytes: config.maxImageBytes }, executor, authenticate, guard }
  const app = await createHttp(http)
  observeHttp(metrics.registry, app)
  const live = { ...http, connections: new LiveConnections(config.limits.liveConnections) }
  const sockets = createSocketServer({ ...live, operations: config.limits.socketOperations, log })
  serveGraphql(app, apollo, http)
  const streams = serveEventStreams(app, live)
  const mayRead = (authorization: string | undefined) => requireScope(authenticate, authorization, 'read')
  serveImages(app, {
    images: new ImageRepository(prisma),
    storage,
    thumbnails: await createThumbnails(join(config.dataDir, 'cache', 'thumbnails'), { storage, reader, log }),
    links,
    authorise: mayRead,
  })
  serveDownloads(app, {
    ...createDownloads(prisma),
    links: createDownloadLinks(signer, baseUrl),
    authorise: mayRead,
  })
  for (const noun of nouns) noun.serve?.(app, mayRead)
  const exporting = { exports: new ExportRepository(prisma), storage }
  serveExports(app, exporting)
  const uploads = new UploadRepository(prisma)
  serveUploads(app, { uploads, storage, isListed: (origin) => guard().isListed(origin), mask: executor.mask })
  const health = serveMonitoring(app, { metrics, database, storage, sockets, authorise: mayRead })
  await serveStudio(app)
  app.server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head))

  await app.listen({ host: config.host, port: config.port })
  const { port } = app.server.address() as AddressInfo
  place = { url: urlOf(config.host, port), guard: createOriginGuard({ ...config, port }) }
  const sweeping = sweepExports(exporting).catch((error: unknown) => {
    log.warn({ err: error }, 'Expired exports could not be deleted; trying again when one is made')
  })
  const predictions = new PredictionRepository(prisma)
  const stopUploadSweep = startUploadSweep(uploads, log)
  const stopWarmUp = startWarmUp({ models: new ModelRepository(prisma), classifier, storage, log })
  const stopRetention = startRetention({ predictions, storage, log }, config.predictionDays)
  return {
    url: place.url,
    async close() {
      health.drain()
      streams.close()
      await sockets.close()
      await closeHttp(app)
      await apollo.stop()
      await stopWarmUp()
      await Promise.all([classifier.close(), stopRetention(), stopUploadSweep(), sweeping, directory.close()])
      await closeRooms()
    },
  }
}

async function openDocuments({ trustedDocuments: path, limits }: Config, schema: GraphQLSchema): Promise<Documents> {
  const trusted = path === undefined ? undefined : await readTrustedDocuments(path, { schema, limits })
  return new Documents({ trusted, registeredBytes: limits.persistedBytes })
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
}

async function main(): Promise<void> {
  const config = loadConfig()
  const log = openLog('server', config)
  const starting = startServer({ config, log })
  stopOnSignals(async () => (await starting).close(), log)
  const server = await starting
  announce(`Graft's server is ready at ${server.url} (GraphQL at ${server.url}/graphql)`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await exitOnFailure(main)
