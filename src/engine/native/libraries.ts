/**
 * The libraries of a release in the per-user cache. Each wheel is fetched, unpacked and marked on its own, so that after a
 * break at most one of them comes again.
 */
import { mkdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InstallError } from './command.js'
import type { TensorflowRelease, Wheel } from './tensorflow-release.js'
import { fetchWheel, unpackWheel } from './wheel.js'

/** @throws InstallError */
export async function ensureLibraries(
  { wheels }: TensorflowRelease,
  folder: string,
  say: (line: string) => void,
): Promise<void> {
  await mkdir(join(folder, 'unpacked'), { recursive: true })
  const missing: Wheel[] = []
  for (const wheel of wheels) if (!(await isUnpacked(wheel, folder))) missing.push(wheel)
  if (missing.length === 0) return
  await requireSpace(folder, missing)
  for (const [i, wheel] of missing.entries()) {
    say(`Fetching ${wheel.requirement} (${megabytes(wheel.bytes)}, ${String(i + 1)} of ${String(missing.length)}) …`)
    const work = join(folder, 'fetching')
    const path = await fetchWheel(wheel, work)
    await unpackWheel(path, wheel, folder)
    await rm(work, { recursive: true })
    await mark(wheel, folder)
  }
}

async function isUnpacked(wheel: Wheel, folder: string): Promise<boolean> {
  return (await readFile(markOf(wheel, folder), 'utf8').catch(() => '')) === wheel.sha256
}

async function mark(wheel: Wheel, folder: string): Promise<void> {
  const path = markOf(wheel, folder)
  await writeFile(`${path}.part`, wheel.sha256)
  await rename(`${path}.part`, path)
}

function markOf({ requirement }: Wheel, folder: string): string {
  return join(folder, 'unpacked', requirement.replace('==', '-'))
}

/** One wheel lies there at a time, beside what is unpacked. */
async function requireSpace(folder: string, missing: readonly Wheel[]): Promise<void> {
  const kept = missing.reduce((sum, { keptBytes }) => sum + keptBytes, 0)
  const needed = kept + Math.max(...missing.map(({ bytes }) => bytes))
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize >= needed) return
  throw new InstallError(
    `${folder} has ${gigabytes(bavail * bsize)} free; fetching and unpacking TensorFlow needs ${gigabytes(needed)}. ` +
      'Free some, or point XDG_CACHE_HOME at a larger disk.',
  )
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
