import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { downloadWeights, WeightsUnavailableError, type DownloadOptions } from '../../src/weights/download.js'

const FILE = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) & 255))
const DIGITS = createHash('sha256').update(FILE).digest('hex').slice(0, 8)
const NAME = `resnet50-${DIGITS}.pth`

type Handler = (request: IncomingMessage, response: ServerResponse) => void

describe('Fetching weights', () => {
  let server: Server
  let handler: Handler
  let requests: (string | undefined)[]
  let directory: string
  let origin: string

  beforeEach(async () => {
    requests = []
    server = createServer((request, response) => {
      requests.push(request.headers.range)
      handler(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
    directory = await mkdtemp(join(tmpdir(), 'graft-weights-'))
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(directory, { recursive: true, force: true })
  })

  const fetchIt = (options: Partial<DownloadOptions> = {}): Promise<string> =>
    downloadWeights({ url: `${origin}/${NAME}`, directory, backoffMs: 1, stallMs: 200, ...options })

  /** Serves ranges as a good server does. */
  const serve: Handler = (request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    if (from >= FILE.length) {
      response.writeHead(416, { 'content-range': `bytes */${String(FILE.length)}` }).end()
    } else if (from > 0) {
      response.writeHead(206, {
        'content-range': `bytes ${String(from)}-${String(FILE.length - 1)}/${String(FILE.length)}`,
      })
      response.end(FILE.subarray(from))
    } else response.writeHead(200, { 'content-length': FILE.length }).end(FILE)
  }

  it('brings the file once, for several callers at the same time, and reports its progress', async () => {
    handler = serve
    const progress: [number, number | null][] = []
    const onProgress = (received: number, total: number | null): void => void progress.push([received, total])
    const paths = await Promise.all([1, 2, 3].map(() => fetchIt({ onProgress })))
    expect(new Set(paths)).toEqual(new Set([join(directory, NAME)]))
    expect(FILE.equals(await readFile(paths[0] ?? ''))).toBe(true)
    expect(requests).toHaveLength(1)
    expect(progress.at(-1)).toEqual([FILE.length, FILE.length])
    expect(await readdir(directory)).toEqual([NAME])
  })

  it('goes on where a connection broke off', async () => {
    handler = (request, response) => {
      if (requests.length > 1) {
        serve(request, response)
        return
      }
      response.writeHead(200, { 'content-length': FILE.length })
      response.write(FILE.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 20))
    }
    expect(FILE.equals(await readFile(await fetchIt()))).toBe(true)
    expect(requests[0]).toBeUndefined()
    expect(requests[1]).toBe('bytes=100000-')
  })

  it('goes on after a server that stalled', async () => {
    handler = (request, response) => {
      if (requests.length > 1) {
        serve(request, response)
        return
      }
      response.writeHead(200, { 'content-length': FILE.length })
      response.write(FILE.subarray(0, 50_000))
    }
    expect(FILE.equals(await readFile(await fetchIt()))).toBe(true)
    expect(requests).toHaveLength(2)
  })

  it('starts over where the server knows no ranges', async () => {
    handler = (_, response) => {
      response.writeHead(200, { 'content-length': FILE.length })
      if (requests.length > 1) response.end(FILE)
      else response.write(FILE.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 20))
    }
    expect(FILE.equals(await readFile(await fetchIt()))).toBe(true)
  })

  it('follows redirects', async () => {
    handler = (request, response) => {
      if (request.url === `/${NAME}`) response.writeHead(302, { location: '/elsewhere' }).end()
      else serve(request, response)
    }
    expect(FILE.equals(await readFile(await fetchIt()))).toBe(true)
  })

  it('refuses a server that promises more than it sends', async () => {
    handler = (_, response) => {
      response.writeHead(206, { 'content-range': `bytes 0-${String(FILE.length)}/${String(FILE.length + 10)}` }).end()
    }
    await expect(fetchIt({ attempts: 2 })).rejects.toThrow(/bytes came/)
  })

  it('refuses other bytes than the name promises, and keeps none of them', async () => {
    handler = (_, response) => void response.writeHead(200).end('<html>a login page</html>')
    await expect(fetchIt()).rejects.toThrow(WeightsUnavailableError)
    await expect(fetchIt()).rejects.toThrow(new RegExp(`sha256 begins with [0-9a-f]{8}, not with ${DIGITS}`))
    expect(await readdir(directory)).toEqual([])
  })

  it('says at once that the file is not there, and what to do', async () => {
    handler = (_, response) => void response.writeHead(404).end()
    await expect(fetchIt()).rejects.toThrow(/answered 404.*GRAFT_TRUNK_WEIGHTS/)
    expect(requests).toHaveLength(1)
  })

  it('refuses an address that names no file of weights', async () => {
    await expect(fetchIt({ url: `${origin}/` })).rejects.toThrow(/names no \.safetensors or \.pth file/)
  })

  it('says what to do where nothing answers', async () => {
    await expect(fetchIt({ url: `http://127.0.0.1:9/${NAME}`, attempts: 2 })).rejects.toThrow(/GRAFT_TRUNK_WEIGHTS/)
  })
})
