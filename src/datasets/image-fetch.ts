/** A picture from an address that a caller names: public http(s) only, bounded in time, bytes and redirects. */
import { lookup } from 'node:dns'
import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { ImageTooLargeError, UnreadableImageError } from '../images/image.errors.js'
import type { AddressPolicy } from './address.policy.js'

export interface FetchOptions {
  readonly allowsAddress: AddressPolicy
  readonly ports: readonly number[]
  readonly maxImageBytes: number
}

/** @throws UnreadableImageError, ImageTooLargeError */
export type ImageFetch = (address: string) => Promise<Buffer>

const WITHIN_MS = 15_000
const MAX_REDIRECTS = 5
const MAX_ADDRESS_LENGTH = 2_048
const MAX_HEADER_BYTES = 16_384
const REDIRECTS: ReadonlySet<number | undefined> = new Set([301, 302, 303, 307, 308])
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

export function createImageFetch(options: FetchOptions): ImageFetch {
  return async (address) => {
    const signal = AbortSignal.timeout(WITHIN_MS)
    try {
      return await follow(address, options, signal)
    } catch (error) {
      if (error instanceof UnreadableImageError || error instanceof ImageTooLargeError) throw error
      const slow = `The address did not send it within ${String(WITHIN_MS / 1000)} seconds.`
      throw new UnreadableImageError(signal.aborted ? slow : 'The address cannot be reached.', { cause: error })
    }
  }
}

async function follow(address: string, options: FetchOptions, signal: AbortSignal): Promise<Buffer> {
  let url = checkedUrl(address, undefined, options)
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await ask(url, options, signal)
    const { location } = response.headers
    if (!REDIRECTS.has(response.statusCode) || location === undefined) return readBody(response, options.maxImageBytes)
    response.destroy()
    url = checkedUrl(location, url, options)
  }
  throw new UnreadableImageError(`The address leads on more than ${String(MAX_REDIRECTS)} times.`)
}

function checkedUrl(address: string, base: URL | undefined, { allowsAddress, ports }: FetchOptions): URL {
  const isAddress = address.length <= MAX_ADDRESS_LENGTH && URL.canParse(address, base?.href)
  const url = isAddress ? new URL(address, base) : null
  const defaultPort = url === null ? undefined : DEFAULT_PORTS[url.protocol]
  if (url === null || defaultPort === undefined) throw new UnreadableImageError('It is no http or https address.')
  if (url.username !== '' || url.password !== '')
    throw new UnreadableImageError('An address with a user name or password is not fetched.')
  if (!ports.includes(url.port === '' ? defaultPort : Number(url.port)))
    throw new UnreadableImageError(`Only these ports are fetched from: ${ports.join(', ')}.`)
  // No name is looked up for an IP address.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !allowsAddress(host)) throw notPublic()
  return url
}

function ask(url: URL, { allowsAddress }: FetchOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    request(url, {
      // A connection of its own: none that was made under another name, and to no other address than was looked up.
      agent: false,
      lookup: lookupAmong(allowsAddress),
      signal,
      maxHeaderSize: MAX_HEADER_BYTES,
      headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'Graft' },
    })
      .once('response', resolve)
      .once('error', reject)
      .end()
  })
}

/** What the socket connects to is what was looked at: a name that gives another address next time gains nothing. */
function lookupAmong(allowsAddress: AddressPolicy): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const [first, ...rest] = error === null ? found.filter(({ address }) => allowsAddress(address)) : []
      if (first === undefined) done(error ?? notPublic(), [])
      else if (options.all === true) done(null, [first, ...rest])
      else done(null, first.address, first.family)
    })
  }
}

async function readBody(response: IncomingMessage, limit: number): Promise<Buffer> {
  if (response.statusCode !== 200) {
    response.destroy()
    throw new UnreadableImageError(`The address answers ${String(response.statusCode)}.`)
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    // Leaving the loop ends the connection.
    if (size > limit) throw new ImageTooLargeError(`The picture has more than ${String(limit)} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function notPublic(): UnreadableImageError {
  return new UnreadableImageError('Only public addresses are fetched.')
}
