/** What importing pictures comes to without Graft: each is read, decoded whole, hashed, and copied. */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/** @returns seconds */
export async function bareLoop(
  images: string,
  target: string,
  { atOnce, signal }: { atOnce: number; signal: AbortSignal },
): Promise<number> {
  await mkdir(target)
  const entries = await readdir(images, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const startedAt = performance.now()
  // One list, from which each takes the next.
  const left = paths[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const path of left) {
        signal.throwIfAborted()
        const bytes = await readFile(path)
        await sharp(bytes).raw().toBuffer()
        await writeFile(join(target, createHash('sha256').update(bytes).digest('hex')), bytes)
      }
    }),
  )
  return (performance.now() - startedAt) / 1000
}
