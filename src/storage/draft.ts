/** Files that are being written. Their names say who writes, so that those of the dead can be told from the rest. */
import { createHash, randomBytes } from 'node:crypto'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { StoredBlob } from './blob-store.js'
import type { FileGuard } from './file.errors.js'

/** Of other machines, whose processes we cannot see: no writer takes that long between two parts. */
const ABANDONED_MS = 24 * 3600 * 1000

export function draftName(): string {
  return `${hostname()}~${String(process.pid)}~${randomBytes(8).toString('hex')}`
}

interface DraftOptions {
  /** A new file. */
  readonly path: string
  readonly guard: FileGuard
  /** Whether it must survive a power cut. */
  readonly durable: boolean
}

/** Writes and hashes in one go. An error of the source itself is passed on as it is. */
export async function writeDraft(
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { path, guard, durable }: DraftOptions,
): Promise<StoredBlob> {
  const hash = createHash('sha256')
  let byteSize = 0
  const file = await guard.run(() => open(path, 'wx'))
  try {
    for await (const part of parts) {
      hash.update(part)
      byteSize += part.byteLength
      await guard.run(() => file.writeFile(part))
    }
    if (durable) await guard.run(() => file.sync())
  } finally {
    await file.close()
  }
  return { sha256: hash.digest('hex'), byteSize }
}

export async function sweepDrafts(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name)
    if (await isAbandoned(name, path)) await rm(path, { force: true, recursive: true })
  }
}

async function isAbandoned(name: string, path: string): Promise<boolean> {
  const [host, pid] = name.split('~')
  if (host === hostname() && pid !== undefined && !isAlive(Number(pid))) return true
  const facts = await stat(path).catch(() => undefined)
  return facts !== undefined && Date.now() - facts.mtimeMs > ABANDONED_MS
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process is alive too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
