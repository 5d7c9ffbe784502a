/** Small real pictures, each different, for tests. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import sharp from 'sharp'

/** A PNG of one colour that the number picks; equal numbers give equal bytes. */
export function picture(number: number, size = 8): Promise<Buffer> {
  const background = { r: number & 255, g: (number >> 8) & 255, b: (number >> 16) & 255 }
  return sharp({ create: { width: size, height: size, channels: 3, background } })
    .png()
    .toBuffer()
}

/** Writes files by their paths relative to the folder: a number is a picture, anything else is written as it is. */
export async function layOut(folder: string, files: Record<string, number | string | Buffer>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, typeof content === 'number' ? await picture(content) : content)
  }
}
