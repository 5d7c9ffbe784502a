import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Upload as TusClient } from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openUpload } from '../../src/uploads/upload.bytes.js'
import { PART_BYTES } from '../../src/uploads/upload.receiver.js'
import { UploadRepository } from '../../src/uploads/upload.repository.js'
import { uuidOf } from '../../src/graphql/ids.js'
import { zipOf } from '../datasets/archives.js'
import { picture } from '../datasets/pictures.js'
import { createTestServer, type TestServer } from '../server/server.js'

const CREATE = `mutation($input: CreateUploadInput!) { createUpload(input: $input) {
  __typename
  ... on CreateUploadSuccess { upload { id url expiresAt } }
  ... on InvalidInput { issues { path message } }
} }`
const ADD = `mutation($input: AddImageInput!) { addImage(input: $input) {
  __typename
  ... on AddImageSuccess { image { sha256 fileName } }
  ... on InvalidInput { issues { path message } }
  ... on NotFound { id }
  ... on Error { message }
} }`

type Body = NonNullable<RequestInit['body']>

interface Address {
  id: string
  url: string
  expiresAt: string
}

const PATIENTLY = { timeout: 20_000 }

let server: TestServer
beforeAll(async () => {
  server = await createTestServer({ GRAFT_MAX_UPLOAD_BYTES: '100000000', GRAFT_ORIGINS: 'https://studio.example.org' })
})
afterAll(() => server.close())

async function createUpload(byteSize: number, fileName = 'a.bin'): Promise<Address> {
  const { data } = await server.ask<{ createUpload: { upload: Address } }>(CREATE, { input: { fileName, byteSize } })
  return data?.createUpload.upload as Address
}

function put(url: string, body: Body): Promise<Response> {
  return fetch(url, { method: 'PUT', body, ...(typeof body === 'object' && { duplex: 'half' }) })
}

async function rowOf(address: Address) {
  return server.database.prisma.upload.findUniqueOrThrow({
    where: { id: uuidOf(address.id, 'Upload') ?? '' },
    include: { parts: { orderBy: { start: 'asc' } } },
  })
}

async function bytesOf(address: Address): Promise<Buffer> {
  const rooms = {
    uploads: new UploadRepository(server.database.prisma),
    storage: server.storage,
  }
  const file = await openUpload(rooms, uuidOf(address.id, 'Upload') ?? '')
  return file.read(0, file.byteSize)
}

/** Sends by tus; resolves when it is done. */
function sendByTus(bytes: Buffer, address: Address, options: { chunkSize?: number; stopAfter?: number } = {}) {
  return new Promise<'done' | 'stopped'>((resolve, reject) => {
    const client = new TusClient(bytes, {
      uploadUrl: address.url,
      retryDelays: [0, 50, 200],
      ...(options.chunkSize !== undefined && { chunkSize: options.chunkSize }),
      onError: reject,
      onSuccess: () => resolve('done'),
      onChunkComplete: (_size, sent) => {
        if (options.stopAfter === undefined || sent < options.stopAfter) return
        void client.abort().then(() => resolve('stopped'))
      },
    })
    client.start()
  })
}

describe('createUpload', () => {
  it('refuses what has no bytes, too many, or no name', async () => {
    for (const [input, path] of [
      [{ fileName: 'a', byteSize: 0 }, 'byteSize'],
      [{ fileName: 'a', byteSize: 100_000_001 }, 'byteSize'],
      [{ fileName: '', byteSize: 1 }, 'fileName'],
    ] as const) {
      const { data } = await server.ask<{ createUpload: unknown }>(CREATE, { input })
      expect(data?.createUpload).toMatchObject({ __typename: 'InvalidInput', issues: [{ path: [path] }] })
    }
  })

  it('gives an address for a day whose secret is not in the database', async () => {
    const { url, expiresAt, id } = await createUpload(3)
    expect(url.startsWith(`${server.url}/uploads/`)).toBe(true)
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(23 * 3600 * 1000)
    const row = await rowOf({ id, url, expiresAt })
    expect(
      JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
    ).not.toContain(url.split('/').at(-1))
  })
})

describe('a whole file', () => {
  it('is taken once by PUT, and is then a picture for addImage as often as wanted', async () => {
    const bytes = await picture(1234)
    const address = await createUpload(bytes.length, 'cat.png')
    expect((await put(address.url, new Uint8Array(bytes))).status).toBe(204)
    expect((await put(address.url, new Uint8Array(bytes))).status).toBe(409)
    const { data } = await server.ask<{ createDataset: { dataset: { id: string } } }>(
      'mutation { createDataset(input: { name: "uploaded" }) { ... on CreateDatasetSuccess { dataset { id } } } }',
    )
    const input = { datasetId: data?.createDataset.dataset.id, label: 'cat', image: { uploadId: address.id } }
    for (let i = 0; i < 2; i++) {
      const added = await server.ask<{ addImage: object }>(ADD, { input })
      expect(added.data?.addImage).toMatchObject({ __typename: 'AddImageSuccess' })
    }
  })

  it('is taken whatever it is said to be', async () => {
    const text = 'no JSON'
    const address = await createUpload(text.length)
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(address.url, { method: 'PUT', body: text, headers })).status).toBe(204)
  })

  it('is stored as parts that hold its bytes', async () => {
    const bytes = randomBytes(2 * PART_BYTES + 1000)
    const address = await createUpload(bytes.length)
    expect((await put(address.url, new Uint8Array(bytes))).status).toBe(204)
    expect((await rowOf(address)).parts.map((part) => part.byteSize)).toEqual([PART_BYTES, PART_BYTES, 1000])
    expect((await bytesOf(address)).equals(bytes)).toBe(true)
  })

  it('with more or fewer bytes than announced is refused, and may be sent again', async () => {
    const address = await createUpload(1000)
    const stream = (length: number) => Readable.toWeb(Readable.from([Buffer.alloc(length)])) as Body
    expect((await put(address.url, new Uint8Array(1001))).status).toBe(413)
    expect((await put(address.url, stream(1001))).status).toBe(413)
    expect((await put(address.url, new Uint8Array(999))).status).toBe(400)
    expect((await put(address.url, stream(999))).status).toBe(400)
    expect(await rowOf(address)).toMatchObject({ received: 0n, partCount: 0, parts: [], completedAt: null })
    const { data } = await server.ask<{ addImage: unknown }>(ADD, {
      input: { datasetId: 'x', label: 'cat', image: { uploadId: address.id } },
    })
    expect(data?.addImage).toMatchObject({ __typename: 'NotFound' })
    expect((await put(address.url, stream(1000))).status).toBe(204)
  })

  it('that breaks off leaves nothing, and may be sent again', async () => {
    const address = await createUpload(1_000_000)
    const { host, port, pathname } = new URL(address.url)
    const sent = request({ port, path: pathname, method: 'PUT', headers: { host, 'content-length': 1_000_000 } })
    sent.on('error', () => undefined)
    sent.write(Buffer.alloc(500_000))
    await sleep(100)
    sent.destroy()
    await expect.poll(async () => (await rowOf(address)).lease, PATIENTLY).toBe(1)
    await expect.poll(async () => (await rowOf(address)).received, PATIENTLY).toBe(0n)
    expect((await put(address.url, new Uint8Array(1_000_000))).status).toBe(204)
  })
})

describe('a file in parts', () => {
  it('is taken by the tus protocol, at once or in small parts', async () => {
    const bytes = randomBytes(300_000)
    for (const options of [{}, { chunkSize: 70_000 }]) {
      const address = await createUpload(bytes.length)
      expect(await sendByTus(bytes, address, options)).toBe('done')
      expect((await rowOf(address)).completedAt).not.toBeNull()
      expect((await bytesOf(address)).equals(bytes)).toBe(true)
    }
  })

  it('goes on where it was left, at another server of the same storage', async () => {
    const bytes = randomBytes(400_000)
    const address = await createUpload(bytes.length)
    expect(await sendByTus(bytes, address, { chunkSize: 100_000, stopAfter: 200_000 })).toBe('stopped')
    const before = Number((await rowOf(address)).received)
    expect(before).toBeGreaterThanOrEqual(200_000)
    const other = await server.another()
    const there = { ...address, url: address.url.replace(server.url, other.url) }
    expect(await sendByTus(bytes, there)).toBe('done')
    expect((await bytesOf(address)).equals(bytes)).toBe(true)
    expect((await rowOf(address)).parts.map(({ start }) => Number(start))).toContain(before)
  })

  it('keeps what came of a connection that broke', async () => {
    const bytes = randomBytes(600_000)
    const address = await createUpload(bytes.length)
    const { host, port, pathname } = new URL(address.url)
    const headers = { host, 'tus-resumable': '1.0.0', 'upload-offset': '0' }
    const type = { 'content-type': 'application/offset+octet-stream', 'content-length': bytes.length }
    const sent = request({ port, path: pathname, method: 'PATCH', headers: { ...headers, ...type } })
    sent.on('error', () => undefined)
    sent.write(bytes.subarray(0, 250_000))
    await sleep(200)
    sent.destroy()
    await expect.poll(async () => (await rowOf(address)).received, PATIENTLY).toBeGreaterThan(0n)
    expect(await sendByTus(bytes, address)).toBe('done')
    expect((await bytesOf(address)).equals(bytes)).toBe(true)
  })

  it('is refused beyond what was announced, from a wrong place, and at an unknown or expired address', async () => {
    const address = await createUpload(10)
    const patch = (url: string, offset: number, body: Uint8Array) =>
      fetch(url, {
        method: 'PATCH',
        headers: {
          'tus-resumable': '1.0.0',
          'upload-offset': String(offset),
          'content-type': 'application/offset+octet-stream',
        },
        body: body as Body,
      }).then(({ status }) => status)
    expect(await patch(address.url, 0, new Uint8Array(11))).toBe(413)
    expect(await patch(address.url, 5, new Uint8Array(5))).toBe(409)
    expect(await patch(`${server.url}/uploads/unknown`, 0, new Uint8Array(5))).toBe(404)
    expect((await put(`${server.url}/uploads/unknown`, 'x')).status).toBe(404)
    await server.database.prisma.upload.update({
      where: { id: uuidOf(address.id, 'Upload') ?? '' },
      data: { expiresAt: new Date(0) },
    })
    expect(await patch(address.url, 0, new Uint8Array(10))).toBe(410)
    expect((await put(address.url, new Uint8Array(10))).status).toBe(404)
  })
})

describe('an archive', () => {
  const IMPORT = `mutation($input: ImportImagesInput!) { importImages(input: $input) {
    __typename
    ... on ImportImagesSuccess { import { id } }
    ... on InvalidInput { issues { path message } }
    ... on NotFound { id }
  } }`
  const STATE = 'query($id: ID!) { node(id: $id) { ... on ImageImport { state total added rejectedCount error } } }'

  it('is imported once it is there whole, and is gone then', async () => {
    const { data } = await server.ask<{ createDataset: { dataset: { id: string } } }>(
      'mutation { createDataset(input: { name: "archived" }) { ... on CreateDatasetSuccess { dataset { id } } } }',
    )
    const datasetId = data?.createDataset.dataset.id
    const bytes = await zipOf({ 'cat/1.png': 1, 'dog/2.png': 2, 'dog/readme.txt': 'x' })
    const { id: uploadId, url } = await createUpload(bytes.length, 'pets.zip')
    const start = async (source: object) =>
      (await server.ask<{ importImages: { import: { id: string } } }>(IMPORT, { input: { datasetId, source } })).data
        ?.importImages
    expect(await start({ uploadId })).toMatchObject({
      __typename: 'InvalidInput',
      issues: [{ path: ['source', 'uploadId'], message: expect.stringContaining('Only 0 of') as unknown }],
    })
    expect(await start({ uploadId: 'unknown' })).toEqual({ __typename: 'NotFound', id: 'unknown' })
    expect((await put(url, new Uint8Array(bytes))).status).toBe(204)
    const started = await start({ uploadId })
    await server.workImports()
    const state = async () => (await server.ask<{ node: object }>(STATE, { id: started?.import.id })).data?.node
    await expect.poll(state, PATIENTLY).toEqual({
      state: 'SUCCEEDED',
      total: 3,
      added: 2,
      rejectedCount: 1,
      error: null,
    })
    expect(await start({ uploadId })).toEqual({ __typename: 'NotFound', id: uploadId })
  })
})

describe('addresses', () => {
  it('may be used by listed web origins only, and tell them what tus needs', async () => {
    const address = await createUpload(10)
    const ask = (method: string, origin: string, headers = {}) =>
      new Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
        const { port, host, pathname } = new URL(address.url)
        const sent = request({ port, path: pathname, method, headers: { host, origin, ...headers } }, (answer) => {
          answer.resume()
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }))
        })
        sent.on('error', reject)
        sent.end()
      })
    const version = { 'tus-resumable': '1.0.0' }
    expect((await ask('HEAD', 'https://evil.example', version)).status).toBe(403)
    const head = await ask('HEAD', 'https://studio.example.org', version)
    expect(head).toMatchObject({ status: 200, headers: { 'upload-offset': '0', 'upload-length': '10' } })
    expect(head.headers['access-control-allow-origin']).toBe('https://studio.example.org')
    expect(head.headers['access-control-expose-headers']).toContain('Upload-Offset')
    const preflight = await ask('OPTIONS', 'https://studio.example.org', { 'access-control-request-method': 'PATCH' })
    expect(preflight.status).toBe(204)
    expect(preflight.headers['access-control-allow-methods']).toContain('PATCH')
    expect((await ask('HEAD', server.url, version)).headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('the sweep', () => {
  it('deletes what has expired or was consumed, but nothing that an import works on', async () => {
    const { prisma } = server.database
    const dataset = await prisma.dataset.create({ data: { name: 'swept' } })
    const make = (name: string, data: object) =>
      prisma.upload.create({
        data: { tokenSha256: name, fileName: name, byteSize: 1, expiresAt: new Date(Date.now() + 1e6), ...data },
      })
    await make('fresh', {})
    await make('expired', { expiresAt: new Date(0), parts: { create: { start: 0, byteSize: 1, sha256: 'x' } } })
    await make('consumed', { consumedAt: new Date() })
    const used = await make('used', { expiresAt: new Date(0) })
    const { id } = await prisma.imageImport.create({ data: { datasetId: dataset.id, uploadId: used.id } })
    const uploads = new UploadRepository(prisma)
    const left = async () =>
      (await prisma.upload.findMany({ orderBy: { fileName: 'asc' } }))
        .map(({ fileName }) => fileName)
        .filter((name) => ['fresh', 'expired', 'consumed', 'used'].includes(name))
    await uploads.sweep()
    expect(await left()).toEqual(['fresh', 'used'])
    await prisma.imageImport.update({ where: { id }, data: { state: 'SUCCEEDED' } })
    await uploads.sweep()
    expect(await left()).toEqual(['fresh'])
  })
})
