/**
 * Where a data folder's embedded Postgres lives. The home holds `cluster` (Postgres's own data folder), `password`,
 * `port`, `server.log` and a copy of the binaries.
 */
import { randomUUID } from 'node:crypto'
import { access, chmod, constants, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseError } from '../database.errors.js'
import { canEnter } from './server-user.js'

export interface ClusterHome {
  readonly home: string
  readonly cluster: string
  readonly passwordFile: string
  readonly portFile: string
  readonly logFile: string
}

/** For root's data folders that the unprivileged user cannot enter, such as those below /root. */
const SHARED_HOMES = '/var/lib/graft'

/** Call it under the lock. */
export async function locateCluster(dataDir: string): Promise<ClusterHome> {
  const recordFile = join(dataDir, 'postgres.location')
  const recorded = (await readFile(recordFile, 'utf8').catch(() => '')).trim()
  if (recorded !== '') return homeAt(recorded)
  const inside = join(dataDir, 'postgres')
  if (process.getuid?.() !== 0 || (await exists(inside)) || (await canEnter(dataDir))) return homeAt(inside)
  // Not named after the path: a data folder that was deleted and made again must not find the rows of the old one.
  const outside = join(SHARED_HOMES, randomUUID())
  await mkdir(SHARED_HOMES, { recursive: true })
  await chmod(SHARED_HOMES, 0o755)
  await writeFile(recordFile, `${outside}\n`, { flush: true })
  return homeAt(outside)
}

/** Made if missing; without symbolic links, as Postgres reports its own. */
export async function canonicalDataDir(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true })
    await access(dataDir, constants.W_OK)
    return await realpath(dataDir)
  } catch (cause) {
    throw new DatabaseError(
      `The data folder ${dataDir} cannot be written. Set GRAFT_DATA_DIR to a folder that this user may write.`,
      { cause },
    )
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function homeAt(home: string): ClusterHome {
  return {
    home,
    cluster: join(home, 'cluster'),
    passwordFile: join(home, 'password'),
    portFile: join(home, 'port'),
    logFile: join(home, 'server.log'),
  }
}
