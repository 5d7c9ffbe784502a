import { readFile, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError } from '../database.errors.js'
import { provideBinaries, type Binaries } from './binaries.js'
import { exists, locateCluster, type ClusterHome } from './cluster-home.js'
import { initialiseCluster } from './initialise-cluster.js'
import { forgetDeadPostmaster, launchPostmaster, recordedPostmaster } from './postmaster.js'
import { DATABASE_NAME, probe, urlOf } from './probe.js'
import { giveTo, serverUserOf, type ServerUser } from './server-user.js'

/** Crash recovery after a power cut may take long. */
const START_TIMEOUT_MS = 90_000

export interface Server {
  readonly home: ClusterHome
  readonly url: string
}

/** The data folder's server: found if it runs, else started, its files made if there are none. Call it under the lock. */
export async function ensureServer(dataDir: string): Promise<Server> {
  const home = await locateCluster(dataDir)
  const port = (await awaitServer(home)) ?? (await startServer(home))
  return { home, url: await urlOf(home, { port, database: DATABASE_NAME }) }
}

async function startServer(home: ClusterHome): Promise<number> {
  const user = await serverUserOf(home.home)
  await makeHome(home, user)
  const binaries = await provideBinaries(home.home)
  if (await exists(join(home.cluster, 'PG_VERSION'))) await checkVersion(home, binaries)
  else await initialiseCluster(home, { initdb: binaries.initdb, user })
  // A port that was free a moment ago may be taken, and a killed server's shared memory may take a moment to go.
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const port = await tryToStart(home, { postgres: binaries.postgres, user })
    if (port !== undefined) return port
    await sleep(200 * (attempt + 1))
  }
  throw new DatabaseError(`The embedded Postgres does not start:\n${await logTail(home)}\nAll of it: ${home.logFile}`)
}

async function tryToStart(
  home: ClusterHome,
  launch: { postgres: string; user: ServerUser | undefined },
): Promise<number | undefined> {
  await forgetDeadPostmaster(home)
  const child = await launchPostmaster(home, launch)
  const ended = new AbortController()
  child.once('exit', () => {
    ended.abort()
  })
  return awaitServer(home, ended.signal)
}

/**
 * The port once the server takes connections; undefined if none runs, or if `ended` (the start that we wait for) fails
 * and no other server serves the cluster.
 */
async function awaitServer(home: ClusterHome, ended?: AbortSignal): Promise<number | undefined> {
  const deadline = Date.now() + START_TIMEOUT_MS
  for (let waitMs = 20; Date.now() < deadline; waitMs = Math.min(waitMs * 1.5, 250)) {
    const recorded = await recordedPostmaster(home)
    if (recorded !== undefined && (await probe(home, recorded.port)) === 'ours') return recorded.port
    if (ended === undefined ? !(await isAlive(home)) : ended.aborted) return undefined
    await sleep(waitMs)
  }
  throw new DatabaseError(`The embedded Postgres takes no connections; see ${home.logFile}.`)
}

async function isAlive(home: ClusterHome): Promise<boolean> {
  await forgetDeadPostmaster(home)
  return (await recordedPostmaster(home)) !== undefined
}

async function makeHome({ home }: ClusterHome, user: ServerUser | undefined): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o755 })
  const { uid } = await stat(home)
  if (user !== undefined && uid === 0) await giveTo(home, user)
  if (user === undefined && process.getuid !== undefined && process.getuid() !== uid) {
    throw new DatabaseError(
      `${home} belongs to another user (${String(uid)}): Graft ran as root or as that user before. Start it so again, or give the folder to yourself with chown -R.`,
    )
  }
}

async function checkVersion({ cluster }: ClusterHome, { majorVersion }: Binaries): Promise<void> {
  const found = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()
  if (found === String(majorVersion)) return
  throw new DatabaseError(
    `${cluster} was made by Postgres ${found}, and this Graft brings ${String(majorVersion)}. Run it with the Graft that made it, or dump and restore it with Postgres's own tools.`,
  )
}

async function logTail({ logFile }: ClusterHome): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  return text.trimEnd().split('\n').slice(-5).join('\n')
}
