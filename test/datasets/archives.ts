/** Archives for tests, as people make them. */
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { ZipArchive } from 'archiver'
import { rawTar } from '../../bench/abuse/raw-archives.js'
import { picture } from './pictures.js'

/** A number is a picture. */
export type Files = Record<string, number | string | Buffer>

export async function contentOf(content: number | string | Buffer): Promise<Buffer> {
  return typeof content === 'number' ? picture(content) : Buffer.from(content)
}

/** As a common tool writes it. */
export async function zipOf(files: Files, options: { forceZip64?: boolean } = {}): Promise<Buffer> {
  const archive = new ZipArchive(options)
  for (const [name, content] of Object.entries(files)) archive.append(await contentOf(content), { name })
  void archive.finalize()
  return buffer(archive.pipe(new PassThrough()))
}

export async function tarOf(files: Files): Promise<Buffer> {
  const entries = Object.entries(files).map(async ([name, content]) => ({ name, content: await contentOf(content) }))
  return rawTar(await Promise.all(entries))
}

export async function tarGzOf(files: Files): Promise<Buffer> {
  return gzipSync(await tarOf(files))
}
