import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClient } from '../../client/client.js'
import type { UploadAddress } from '../../client/upload.js'
import { globalId, uuidOf } from '../../src/graphql/ids.js'
import { UploadRepository } from '../../src/uploads/upload.repository.js'
import { openUpload } from '../../src/uploads/upload.bytes.js'
import { createTestServer, type TestServer } from '../server/server.js'

const BYTES = Uint8Array.from({ length: 20_000_000 }, (_, i) => (i * 31 + (i >> 8)) % 251)
let server: TestServer

beforeAll(async () => {
  server = await createTestServer()
})

afterAll(() => server.close())

/** A line to the server that is cut each time so many bytes have gone over it, a number of times. */
async function openLine({ cuts, afterBytes }: { cuts: number; afterBytes: number }) {
  const sockets = new Set<Socket>()
  const target = new URL(server.url)
  const line = { cuts: 0, bytes: 0 }
  const proxy = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    const cut = (): void => [near, far].forEach((socket) => socket.destroy())
    let gone = 0
    near.on('data', (part) => {
      gone += part.length
      line.bytes += part.length
      if (gone > afterBytes && line.cuts < cuts) {
        line.cuts++
        cut()
      }
    })
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', cut).on('close', cut)
    }
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const close = (): void => {
    proxy.close()
    sockets.forEach((socket) => socket.destroy())
  }
  return { port: (proxy.address() as AddressInfo).port, line, close }
}

async function storedBytes(id: string): Promise<Buffer> {
  const rooms = { uploads: new UploadRepository(server.database.prisma), storage: server.storage }
  const file = await openUpload(rooms, uuidOf(id, 'Upload') ?? '')
  return file.read(0, file.byteSize)
}

/** To the server, but bytes of uploads go over the line. */
function clientOver(port: number) {
  const detour: typeof fetch = (to, init) => {
    const url = new URL(to instanceof Request ? to.url : to)
    if (url.pathname.startsWith('/uploads/')) url.port = String(port)
    return fetch(url, init)
  }
  return createClient({ url: server.url, fetch: detour })
}

it('sends a file whole over a line that is cut in the middle of its parts', async () => {
  const { port, line, close } = await openLine({ cuts: 3, afterBytes: 3_000_000 })
  const client = clientOver(port)
  const sent: number[] = []
  const id = await client.upload(new Blob([BYTES]), 'all.zip', { onProgress: (bytes) => sent.push(bytes) })
  expect(line.cuts).toBe(3)
  expect(sent.at(-1)).toBe(BYTES.length)
  expect([...sent].sort((a, b) => a - b)).toEqual(sent)
  expect((await storedBytes(id)).equals(BYTES)).toBe(true)
  close()
})

it('goes on with an upload that another client began, without sending again what is there', async () => {
  const stopped = new AbortController()
  let begun: UploadAddress | undefined
  const first = createClient({ url: server.url }).upload(new Blob([BYTES]), 'all.zip', {
    signal: stopped.signal,
    onBegun: (upload) => (begun = upload),
    onProgress: () => stopped.abort(),
  })
  await expect(first).rejects.toThrow()
  const { port, line, close } = await openLine({ cuts: 0, afterBytes: 0 })
  const id = await clientOver(port).upload(new Blob([BYTES]), 'all.zip', { begun })
  expect(id).toBe(begun?.id)
  expect(line.bytes).toBeLessThan(BYTES.length - 8_000_000 + 10_000)
  expect((await storedBytes(id)).equals(BYTES)).toBe(true)
  close()
})

it('begins anew where the server knows the upload no more', async () => {
  const gone = { id: globalId('Upload', 'ffffffff-ffff-7fff-8fff-ffffffffffff'), url: `${server.url}/uploads/nothing` }
  const begun: UploadAddress[] = []
  const small = new Blob([BYTES.subarray(0, 1000)])
  const client = createClient({ url: server.url })
  const id = await client.upload(small, 'small.zip', { begun: gone, onBegun: (upload) => begun.push(upload) })
  expect(begun.map((upload) => upload.id)).toEqual([id])
  expect((await storedBytes(id)).equals(BYTES.subarray(0, 1000))).toBe(true)
})
