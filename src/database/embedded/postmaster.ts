/** Finding, starting and stopping the server of a cluster. All of it is done under the data folder's lock. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError } from '../database.errors.js'
import type { ClusterHome } from './cluster-home.js'
import { servesCluster } from './process-facts.js'
import type { ServerUser } from './server-user.js'

const LOG_KEPT_BYTES = 10_000_000

export interface Postmaster {
  pid: number
  port: number
}

/** What the cluster's own pid file says; it may be left over from a server that died. */
export async function recordedPostmaster({ cluster }: ClusterHome): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  return pid > 0 && port > 0 ? { pid, port } : undefined
}

/**
 * Removes the pid file of a server that is gone. Postgres does so itself unless the number now belongs to another process
 * of the same user, which after a restart of a container is the rule.
 */
export async function forgetDeadPostmaster(home: ClusterHome): Promise<void> {
  const recorded = await recordedPostmaster(home)
  if (recorded !== undefined && !(await servesCluster(recorded.pid, home.cluster))) {
    await rm(join(home.cluster, 'postmaster.pid'), { force: true })
  }
}

/** Detached, so that neither our death nor a signal to our group reaches it. */
export async function launchPostmaster(
  home: ClusterHome,
  { postgres, user }: { postgres: string; user: ServerUser | undefined },
): Promise<ChildProcess> {
  const port = await choosePort(home.portFile)
  const log = await openLog(home.logFile)
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${String(value)}`])
  try {
    const child = spawn(postgres, ['-D', home.cluster, ...flags], {
      ...user,
      cwd: home.home,
      env: { LC_ALL: 'C' },
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    await once(child, 'spawn')
    child.unref()
    return child
  } finally {
    await log.close()
  }
}

/** Fast shutdown: ends the connections there are, loses nothing. */
export async function stopPostmaster(home: ClusterHome): Promise<void> {
  const running = await recordedPostmaster(home)
  if (running === undefined || !(await servesCluster(running.pid, home.cluster))) return
  process.kill(running.pid, 'SIGINT')
  for (let waited = 0; waited < 60_000; waited += 50) {
    if ((await recordedPostmaster(home)) === undefined || !(await servesCluster(running.pid, home.cluster))) return
    await sleep(50)
  }
  throw new DatabaseError(`The embedded Postgres (process ${String(running.pid)}) does not stop; see ${home.logFile}.`)
}

/** The last one if it is free: Graft processes that lost the server look for it there. */
async function choosePort(portFile: string): Promise<number> {
  const last = Number(await readFile(portFile, 'utf8').catch(() => '0'))
  const port = (last > 0 ? await freePort(last) : undefined) ?? (await freePort(0)) ?? 0
  await writeFile(portFile, String(port))
  return port
}

async function freePort(wanted: number): Promise<number | undefined> {
  const server = createServer()
  const listening = once(server, 'listening')
  server.listen({ port: wanted, host: '127.0.0.1' })
  try {
    await listening
  } catch {
    return undefined
  }
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function openLog(path: string): Promise<Awaited<ReturnType<typeof open>>> {
  const size = await stat(path).then(
    (facts) => facts.size,
    () => 0,
  )
  if (size > LOG_KEPT_BYTES) await rename(path, `${path}.1`)
  return open(path, 'a', 0o600)
}
