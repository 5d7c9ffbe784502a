/** Sends bytes to an upload's address in parts (the tus protocol, 1.0.0), going on after a broken line where it broke. */
import { ConnectionError } from './errors.js'

/** Where an upload's bytes go. */
export interface UploadAddress {
  readonly id: string
  readonly url: string
}

export interface UploadOptions {
  /** Bytes that have arrived, of all. */
  readonly onProgress?: (sent: number, total: number) => void
  readonly signal?: AbortSignal
  /** Of the same bytes, begun before: it goes on where it broke off, or begins anew where the server knows it no more. */
  readonly begun?: UploadAddress | undefined
  /** Told where the bytes go, before the first: kept, it can be `begun` the next time. */
  readonly onBegun?: (upload: UploadAddress) => unknown
}

const PART_BYTES = 8 * 1024 * 1024
const PROTOCOL = { 'tus-resumable': '1.0.0' }
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 5_000
const MOST_FAILURES = 10

interface Address {
  readonly url: string
  readonly fetch: typeof globalThis.fetch
}

/**
 * @param options `from`: how many bytes the server has already
 * @throws ConnectionError where the server refuses the bytes, or stays out of reach through ten tries in a row
 */
export async function sendBytes(
  to: Address,
  bytes: Blob,
  options: Pick<UploadOptions, 'signal' | 'onProgress'> & { readonly from?: number | undefined } = {},
): Promise<void> {
  const { signal, onProgress, from = 0 } = options
  let offset = from
  let failures = 0
  while (offset < bytes.size) {
    signal?.throwIfAborted()
    try {
      offset = await sendPart(to, bytes, { offset, signal })
      failures = 0
      onProgress?.(offset, bytes.size)
    } catch (error) {
      if (!isWorthRetrying(error) || ++failures > MOST_FAILURES) throw error
      await new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures)))
      offset = await offsetAt(to, signal).catch(() => offset)
    }
  }
}

/** @returns how many bytes the server has then */
async function sendPart(
  { url, fetch }: Address,
  bytes: Blob,
  { offset, signal }: { offset: number; signal: AbortSignal | undefined },
): Promise<number> {
  const response = await fetch(url, {
    method: 'PATCH',
    headers: { ...PROTOCOL, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
    body: bytes.slice(offset, offset + PART_BYTES),
    ...(signal === undefined ? {} : { signal }),
  })
  return offsetOf(response)
}

/** How many bytes of an upload the server has; undefined where it knows no such upload any more. */
export async function bytesThere(to: Address, signal?: AbortSignal): Promise<number | undefined> {
  try {
    return await offsetAt(to, signal)
  } catch (error) {
    if (error instanceof ConnectionError && (error.code === 404 || error.code === 410)) return undefined
    throw error
  }
}

async function offsetAt({ url, fetch }: Address, signal?: AbortSignal): Promise<number> {
  return offsetOf(await fetch(url, { method: 'HEAD', headers: PROTOCOL, ...(signal === undefined ? {} : { signal }) }))
}

async function offsetOf(response: Response): Promise<number> {
  const offset = response.headers.get('upload-offset')
  if (response.ok && offset !== null) return Number(offset)
  const why = (await response.text().catch(() => '')).slice(0, 500)
  throw new ConnectionError(`The upload was answered ${String(response.status)}: ${why}`, response.status)
}

/** A line that broke, a server that restarts, and parts that crossed each other (409, 423) mend themselves. */
function isWorthRetrying(error: unknown): boolean {
  if (error instanceof ConnectionError)
    return error.code === undefined || error.code >= 500 || [409, 423].includes(error.code)
  return error instanceof TypeError
}
