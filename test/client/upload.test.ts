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
/** Bytes of one connection after which it is cut. */
const CUT_AFTER = 3_000_000
let server: TestServer
let line: Line

beforeAll(async () => {
  line = await openLine()
  server = await createTestServer({ GRAFT_PUBLIC_URL: line.url })
  line.leadTo(server.url)
})

afterAll(async () => {
  line.close()
  await server.close()
})

interface Line {
  readonly url: string
  /** How often it is still to be cut, and what has gone over it towards the server. */
  readonly fate: { cutsLeft: number; bytes: number }
  leadTo(url: string): void
  close(): void
}

/** A line to a server that breaks in the middle of what is sent. */
async function openLine(): Promise<Line> {
  const sockets = new Set<Socket>()
  const fate = { cutsLeft: 0, bytes: 0 }
  let target = new URL('http://127.0.0.1')
  const proxy = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    const cut = (): void => [near, far].forEach((socket) => socket.destroy())
    let gone = 0
    near.on('data', (part) => {
      gone += part.length
      fate.bytes += part.length
      if (gone <= CUT_AFTER || fate.cutsLeft === 0) return
      fate.cutsLeft--
      cut()
    })
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', cut).on('close', cut)
    }
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`,
    fate,
    leadTo: (url) => (target = new URL(url)),
    close: () => {
      proxy.close()
      sockets.forEach((socket) => socket.destroy())
    },
  }
}

async function storedBytes(id: string): Promise<Buffer> {
  const rooms = { uploads: new UploadRepository(server.database.prisma), storage: server.storage }
  const file = await openUpload(rooms, uuidOf(id, 'Upload') ?? '')
  return file.read(0, file.byteSize)
}

it('sends a file whole over a line that is cut in the middle of its parts', async () => {
  line.fate.cutsLeft = 3
  const sent: number[] = []
  const onProgress = (bytes: number): void => void sent.push(bytes)
  const id = await createClient({ url: line.url }).upload(new Blob([BYTES]), 'all.zip', { onProgress })
  expect(line.fate.cutsLeft).toBe(0)
  expect(sent.at(-1)).toBe(BYTES.length)
  expect([...sent].sort((a, b) => a - b)).toEqual(sent)
  expect((await storedBytes(id)).equals(BYTES)).toBe(true)
})

it('goes on with an upload that another client began, without sending again what is there', async () => {
  const stopped = new AbortController()
  const begun: UploadAddress[] = []
  const first = createClient({ url: line.url }).upload(new Blob([BYTES]), 'all.zip', {
    signal: stopped.signal,
    onBegun: (upload) => begun.push(upload),
    onProgress: () => stopped.abort(),
  })
  await expect(first).rejects.toThrow()
  line.fate.bytes = 0
  const id = await createClient({ url: line.url }).upload(new Blob([BYTES]), 'all.zip', { begun: begun[0] })
  expect([id]).toEqual(begun.map((upload) => upload.id))
  // The first part was there; requests have headers too.
  expect(line.fate.bytes).toBeLessThan(BYTES.length - 8_000_000)
  expect((await storedBytes(id)).equals(BYTES)).toBe(true)
})

it('begins anew where the server knows the upload no more', async () => {
  const gone = { id: globalId('Upload', 'ffffffff-ffff-7fff-8fff-ffffffffffff'), url: `${line.url}/uploads/nothing` }
  const begun: UploadAddress[] = []
  const small = new Blob([BYTES.subarray(0, 1000)])
  const client = createClient({ url: line.url })
  const id = await client.upload(small, 'small.zip', { begun: gone, onBegun: (upload) => begun.push(upload) })
  expect(begun.map((upload) => upload.id)).toEqual([id])
  expect((await storedBytes(id)).equals(BYTES.subarray(0, 1000))).toBe(true)
})

it('begins anew where the upload has expired', async () => {
  const client = createClient({ url: line.url })
  const small = new Blob([BYTES.subarray(0, 1000)])
  const expired: UploadAddress[] = []
  await client.upload(small, 'small.zip', { onBegun: (upload) => expired.push(upload) })
  const where = { id: uuidOf(expired[0]?.id ?? '', 'Upload') ?? '' }
  await server.database.prisma.upload.update({ where, data: { expiresAt: new Date(0) } })
  const id = await client.upload(small, 'small.zip', { begun: expired[0] })
  expect(id).not.toBe(expired[0]?.id)
  expect((await storedBytes(id)).equals(BYTES.subarray(0, 1000))).toBe(true)
})
