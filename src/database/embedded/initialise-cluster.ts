import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { DatabaseError } from '../database.errors.js'
import { exists, type ClusterHome } from './cluster-home.js'
import { giveTo, type ServerUser } from './server-user.js'

const run = promisify(execFile)
export const SUPERUSER = 'graft'

/**
 * A new cluster with its password, complete or not at all: it is made beside its place and moved there. Text is UTF-8 and
 * ordered by code point, the same on every machine.
 */
export async function initialiseCluster(
  { cluster, passwordFile }: ClusterHome,
  { initdb, user }: { initdb: string; user: ServerUser | undefined },
): Promise<void> {
  const password = randomBytes(24).toString('base64url')
  const draft = `${cluster}.new-${randomBytes(4).toString('hex')}`
  const draftPassword = `${draft}.password`
  await removeDrafts(cluster)
  await writeSecret(draftPassword, password, user)
  await mkdir(draft, { mode: 0o700 })
  await giveTo(draft, user)
  const choices = ['--auth=scram-sha-256', '--locale=C', '--encoding=UTF8', '--no-instructions']
  await run(initdb, [`--pgdata=${draft}`, `--username=${SUPERUSER}`, `--pwfile=${draftPassword}`, ...choices], {
    ...user,
    cwd: dirname(cluster),
    env: { LC_ALL: 'C' },
  }).catch((cause: unknown) => {
    throw new DatabaseError(`The embedded Postgres could not make its files in ${cluster}: ${String(cause)}`, { cause })
  })
  // The password first: a cluster in its place always has the password that opens it.
  await rename(draftPassword, passwordFile)
  await rename(draft, cluster)
}

async function removeDrafts(cluster: string): Promise<void> {
  if (await exists(cluster)) return
  for (const name of await readdir(dirname(cluster))) {
    if (name.startsWith(`${basename(cluster)}.new-`))
      await rm(join(dirname(cluster), name), { recursive: true, force: true })
  }
}

/** Only the server's user may read it. */
async function writeSecret(path: string, secret: string, user: ServerUser | undefined): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(secret)
    await file.sync()
  } finally {
    await file.close()
  }
  await giveTo(path, user)
}
