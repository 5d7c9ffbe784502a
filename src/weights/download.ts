/**
 * Fetches a file of weights once per machine: resumed after a break, checked, moved into place by a rename, and waited for
 * by whoever else wants it meanwhile.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { lock } from 'proper-lockfile'

/** The weights cannot be had; the message says why and what to do. */
export class WeightsUnavailableError extends Error {
  override readonly name = 'WeightsUnavailableError'
}

export interface DownloadOptions {
  /** http(s); its last segment names the file. `name-0676ba61.pth` carries the first digits of its sha256, as torchvision's do. */
  url: string
  directory: string
  /** Bytes so far and in all (null where the server does not say), at most ten times a second. */
  onProgress?: (received: number, total: number | null) => void
  signal?: AbortSignal
  /** How long the server may send nothing, in milliseconds. */
  stallMs?: number
  /** Tries in a row that bring nothing new before giving up. */
  attempts?: number
  /** Waited before the second try, doubled before each further one, in milliseconds. */
  backoffMs?: number
}

/**
 * @returns the path of the checked file
 * @throws WeightsUnavailableError when the server is out of reach, refuses, or sends other bytes than the name promises
 */
export async function downloadWeights(options: DownloadOptions): Promise<string> {
  const target = fetchedPath(options)
  if (!/^[\w.-]+\.(pth|safetensors)$/.test(basename(target))) {
    throw unavailable(options.url, 'the address names no .safetensors or .pth file')
  }
  if (await exists(target)) return target
  await mkdir(options.directory, { recursive: true })
  const part = `${target}.part`
  await writeFile(part, '', { flag: 'a' })
  const release = await lock(part, {
    stale: 15_000,
    realpath: false,
    retries: { forever: true, minTimeout: 200, maxTimeout: 1000 },
  })
  try {
    if (await exists(target)) return target
    await fetchAll(part, options)
    await check(part, options.url)
    await rename(part, target)
    return target
  } finally {
    await release()
  }
}

/** Where they are once they are fetched. */
export function fetchedPath({ url, directory }: Pick<DownloadOptions, 'url' | 'directory'>): string {
  return join(directory, basename(new URL(url).pathname))
}

/** Goes on from where the last try ended, as long as tries bring something new. */
async function fetchAll(part: string, options: DownloadOptions): Promise<void> {
  const { attempts = 4, backoffMs = 500 } = options
  for (let failures = 0; ;) {
    const before = await size(part)
    try {
      await fetchRest(part, before, options)
      return
    } catch (cause) {
      options.signal?.throwIfAborted()
      if (cause instanceof WeightsUnavailableError) throw cause
      failures = (await size(part)) > before ? 0 : failures + 1
      if (failures >= attempts) throw unavailable(options.url, reasonOf(cause), cause)
      await sleep(backoffMs * 2 ** failures, undefined, options.signal === undefined ? {} : { signal: options.signal })
    }
  }
}

async function fetchRest(part: string, from: number, options: DownloadOptions): Promise<void> {
  const { url, stallMs = 30_000 } = options
  const stalled = new AbortController()
  const restart = (): NodeJS.Timeout =>
    setTimeout(() => stalled.abort(new Error(`nothing came for ${String(stallMs / 1000)} s`)), stallMs)
  let timer = restart()
  const signal = options.signal === undefined ? stalled.signal : AbortSignal.any([stalled.signal, options.signal])
  try {
    // A compressed answer could not be resumed, nor its length compared.
    const headers = { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${String(from)}-` }) }
    const response = await fetch(url, { signal, headers })
    const { start, total } = await accept(response, { part, from, url })
    if (response.body === null) throw new Error('an empty answer')
    const report = throttled(options.onProgress, total)
    let received = start
    const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        clearTimeout(timer)
        timer = restart()
        received += chunk.length
        report(received)
        yield chunk
      }
    }
    const body = Readable.fromWeb(response.body)
    await pipeline(body, counted, createWriteStream(part, { flags: start > 0 ? 'a' : 'w' }), { signal })
    if (total !== null && received !== total) throw new Error(`${String(received)} of ${String(total)} bytes came`)
  } finally {
    clearTimeout(timer)
  }
}

/** @returns where the body starts and how long the whole file is */
async function accept(
  response: Response,
  { part, from, url }: { part: string; from: number; url: string },
): Promise<{ start: number; total: number | null }> {
  if (response.status === 206) {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? []
    if (Number(start) !== from) {
      await rm(part)
      throw new Error('the server sent another part of the file than it was asked for')
    }
    return { start: from, total: total === '*' ? null : Number(total) }
  }
  if (response.status === 416) {
    const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]
    // All of it was there already: the check of its sha256 decides.
    if (total !== undefined && Number(total) === from) return { start: from, total: from }
    await rm(part)
    throw new Error('the server has a shorter file than the part that was fetched before')
  }
  if (response.status >= 500 || response.status === 429)
    throw new Error(`the server answered ${String(response.status)}`)
  if (!response.ok) throw unavailable(url, `the server answered ${String(response.status)}`)
  const length = response.headers.get('content-length')
  return { start: 0, total: length === null ? null : Number(length) }
}

async function check(part: string, url: string): Promise<void> {
  const digits = /-([0-9a-f]{8,64})\.[a-z]+$/.exec(new URL(url).pathname)?.[1]
  if (digits === undefined) return
  const hash = createHash('sha256')
  await pipeline(createReadStream(part), hash)
  const sha256 = hash.digest('hex')
  if (sha256.startsWith(digits)) return
  await rm(part)
  throw unavailable(
    url,
    `its sha256 begins with ${sha256.slice(0, digits.length)}, not with ${digits} as its name says`,
  )
}

function throttled(report: DownloadOptions['onProgress'], total: number | null): (received: number) => void {
  let last = 0
  return (received) => {
    if (report === undefined || (Date.now() - last < 100 && received !== total)) return
    last = Date.now()
    report(received, total)
  }
}

function unavailable(url: string, reason: string, cause?: unknown): WeightsUnavailableError {
  return new WeightsUnavailableError(
    `The weights could not be fetched from ${url}: ${reason}. ` +
      'Fetch the file on a machine that can and set GRAFT_TRUNK_WEIGHTS to its path.',
    { cause },
  )
}

/** With what the network said, where `fetch` only says that it failed. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? `${message} (${cause.message})` : message
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

async function size(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: 0 }))).size
}
