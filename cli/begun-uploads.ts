/** Uploads that were begun and not imported yet, remembered on this machine: the same command, given again, goes on. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { UploadAddress } from '../client/upload.js'

export interface BegunUpload {
  /** Undefined where there is none. */
  readonly address: UploadAddress | undefined
  remember(address: UploadAddress): Promise<void>
  forget(): Promise<void>
}

/** @param subject all that makes it the same upload: where to, and which bytes */
export async function begunUpload(folder: string, subject: readonly unknown[]): Promise<BegunUpload> {
  const name = createHash('sha256').update(JSON.stringify(subject)).digest('hex')
  const path = join(folder, `${name}.json`)
  return {
    address: await read(path),
    async remember({ id, url }) {
      await mkdir(folder, { recursive: true })
      // The address is a secret: whoever has it may send.
      await writeFile(path, JSON.stringify({ id, url }), { mode: 0o600 })
    },
    forget: () => rm(path, { force: true }),
  }
}

async function read(path: string): Promise<UploadAddress | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '{}')
  const found = parsed(text)
  return typeof found.id === 'string' && typeof found.url === 'string' ? { id: found.id, url: found.url } : undefined
}

/** What a killed command left half written is nothing. */
function parsed(text: string): { readonly id?: unknown; readonly url?: unknown } {
  try {
    return JSON.parse(text) as { id?: unknown; url?: unknown }
  } catch {
    return {}
  }
}
