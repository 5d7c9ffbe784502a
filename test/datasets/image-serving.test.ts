import { createHash } from 'node:crypto'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFileStore, type FileStore } from '../../src/storage/file-store.js'
import { createTestServer, type TestServer } from '../server/server.js'

let server: TestServer
let storage: FileStore
let datasetId: string
let dataDir: string

beforeAll(async () => {
  server = await createTestServer()
  dataDir = server.imports.replace(/\/imports$/, '')
  storage = await createFileStore(join(dataDir, 'blobs'))
  const { data } = await server.ask<{ createDataset: { dataset: { id: string } } }>(
    'mutation { createDataset(input: { name: "served" }) { ... on CreateDatasetSuccess { dataset { id } } } }',
  )
  datasetId = data?.createDataset.dataset.id ?? ''
})

afterAll(() => server.close())

interface Served {
  url: string
  small: string
  sha256: string
}

/** Adds a picture, by the name that somebody gave it. */
async function add(bytes: Buffer, fileName: string, at = server, headers: Record<string, string> = {}) {
  const { data, errors } = await at.ask<{ addImage: { __typename: string; image?: Served } }>(
    `mutation($input: AddImageInput!) { addImage(input: $input) {
      __typename ... on AddImageSuccess { image { url small: url(size: 32) sha256 } }
    } }`,
    { input: { datasetId, label: 'a', fileName, image: { base64: bytes.toString('base64') } } },
    headers,
  )
  if (data === undefined) throw new Error(JSON.stringify(errors))
  return data.addImage
}

let shade = 0
/** Bytes that no other test has. */
function draw(width = 120, height = 80): Sharp {
  shade += 1
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 20 + shade }
  return sharp({ create: { width, height, channels: 3, background: '#000', noise } })
}

async function addDrawn(): Promise<Served & { bytes: Buffer }> {
  const bytes = await draw().jpeg().toBuffer()
  const { image } = await add(bytes, 'a/one.jpg')
  if (image === undefined) throw new Error('The picture was not added.')
  return { ...image, bytes }
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer())
}

describe('a picture', () => {
  it('comes as it was stored, of the type that its bytes are, whatever its name says', async () => {
    const pictures = {
      'image/jpeg': await draw().jpeg().toBuffer(),
      'image/png': await draw().png().toBuffer(),
      'image/webp': await draw().webp().toBuffer(),
      'image/gif': await draw().gif().toBuffer(),
    }
    for (const [type, bytes] of Object.entries(pictures)) {
      const { image } = await add(bytes, 'a/page (1)*é.svg')
      const response = await fetch(image?.url ?? '')
      expect(response.status).toBe(200)
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': type,
        'content-length': String(bytes.length),
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'content-disposition': `inline; filename*=UTF-8''page%20%281%29%2A%C3%A9.${type.slice(6)}`,
        'cache-control': 'private, max-age=31536000, immutable',
        etag: `"${createHash('sha256').update(bytes).digest('hex')}"`,
      })
      expect((await bytesOf(response)).equals(bytes)).toBe(true)
    }
  })

  it('is never one that can run', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
    for (const text of [svg, `<!doctype html>${svg}`]) {
      expect(await add(Buffer.from(text), 'a/x.jpg')).toEqual({ __typename: 'UnreadableImage' })
    }
  })

  it('is shown as a JPEG where browsers do not know its format', async () => {
    const { image } = await add(await draw(60, 40).tiff().toBuffer(), 'a/scan.tif')
    const response = await fetch(image?.url ?? '')
    expect(response.headers.get('content-type')).toBe('image/jpeg')
    expect(await sharp(await bytesOf(response)).metadata()).toMatchObject({ format: 'jpeg', width: 60, height: 40 })
  })

  it('is not sent again to whoever has it', async () => {
    const { url, small } = await addDrawn()
    for (const address of [url, small]) {
      const etag = (await fetch(address)).headers.get('etag') ?? ''
      for (const known of [etag, `"other", W/${etag}`, '*']) {
        const again = await fetch(address, { headers: { 'if-none-match': known } })
        expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, ''])
        expect(again.headers.get('cache-control')).toContain('immutable')
      }
      expect((await fetch(address, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
    }
  })

  it('comes in ranges', async () => {
    const { url, bytes } = await addDrawn()
    const get = (range: string, more: Record<string, string> = {}) => fetch(url, { headers: { range, ...more } })
    const middle = await get('bytes=10-19')
    expect([middle.status, middle.headers.get('content-range')]).toEqual([206, `bytes 10-19/${String(bytes.length)}`])
    expect((await bytesOf(middle)).equals(bytes.subarray(10, 20))).toBe(true)
    expect((await bytesOf(await get('bytes=-5'))).equals(bytes.subarray(-5))).toBe(true)
    expect((await bytesOf(await get('bytes=100-'))).equals(bytes.subarray(100))).toBe(true)
    const beyond = await get(`bytes=${String(bytes.length)}-`)
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${String(bytes.length)}`])
    expect(beyond.headers.get('cache-control')).toBe('no-store')
    expect((await get('bytes=0-1,5-6')).status).toBe(200)
    expect((await get('bytes=0-1', { 'if-range': '"other"' })).status).toBe(200)
  })

  it('tells its size without its bytes', async () => {
    const { url, small, bytes } = await addDrawn()
    const head = await fetch(url, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)])
    expect(head.headers.get('content-type')).toBe('image/jpeg')
    const length = (await fetch(small, { method: 'HEAD' })).headers.get('content-length')
    expect(length).toBe(String((await bytesOf(await fetch(small))).length))
  })

  it('that storage has lost, or has other bytes for, is not shown, and the answer is not kept', async () => {
    const [lost, damaged] = [await addDrawn(), await addDrawn()]
    await storage.delete(lost.sha256)
    await writeFile(storage.path(damaged.sha256), await draw().jpeg().toBuffer())
    for (const address of [lost.url, lost.small, damaged.url, damaged.small]) {
      const response = await fetch(address)
      expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store'])
      expect(await response.text()).toContain('missing or damaged in storage; restore it')
    }
    await storage.put(lost.bytes)
    expect((await fetch(lost.small)).status).toBe(200)
  })

  it('of an impossible size is refused', async () => {
    const { url } = await addDrawn()
    for (const size of ['0', '4097', '1.5', 'x', '']) {
      expect((await fetch(`${url}?size=${size}`)).status).toBe(400)
    }
    expect((await fetch(`${url}?size=1&size=2`)).status).toBe(400)
  })
})

describe('a thumbnail', () => {
  const kept = (): string => join(dataDir, 'cache', 'thumbnails', 'files')

  it('is as long as asked on its longer side, never longer than the picture, and upright', async () => {
    const { image } = await add(
      await draw(120, 80).jpeg().withExif({}).withMetadata({ orientation: 6 }).toBuffer(),
      'a',
    )
    const sizeOf = async (size: string) => {
      const { width, height } = await sharp(await bytesOf(await fetch(`${image?.url ?? ''}?size=${size}`))).metadata()
      return [width, height]
    }
    expect(await sizeOf('60')).toEqual([40, 60])
    expect(await sizeOf('4096')).toEqual([80, 120])
    expect(await sizeOf('1')).toEqual([1, 1])
  })

  it('is kept, and made anew where its file is lost or damaged', async () => {
    const { small, sha256, bytes: original } = await addDrawn()
    const bytes = await bytesOf(await fetch(small))
    const file = join(kept(), `${sha256}-32.jpg`)
    await storage.delete(sha256)
    expect((await bytesOf(await fetch(small))).equals(bytes)).toBe(true)
    await writeFile(file, Buffer.concat([Buffer.alloc(32), bytes]))
    expect((await fetch(small)).status).toBe(404)
    await storage.put(original)
    expect((await bytesOf(await fetch(small))).equals(bytes)).toBe(true)
    await rm(file)
    expect((await bytesOf(await fetch(small))).equals(bytes)).toBe(true)
  })

  it('comes for each of a hundred that are asked for at once, while the API answers', async () => {
    const pictures: Served[] = []
    for (let i = 0; i < 10; i++) pictures.push(await addDrawn())
    const asked = Array.from({ length: 100 }, (_, i) => {
      const { url } = pictures[i % 10] as Served
      return fetch(`${url}?size=${String(48 + Math.floor(i / 40))}`)
    })
    expect((await server.ask('{ datasets(first: 1) { totalCount } }')).data).toEqual({ datasets: { totalCount: 1 } })
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect((await readdir(kept())).filter((name) => /-(48|49|50)\.jpg$/.test(name))).toHaveLength(30)
  })
})

describe('an address of a server with tokens', () => {
  const secret = 'reader-secret-0123456789'
  const bearer = { authorization: `Bearer ${secret}` }
  let guarded: TestServer
  let picture: Served

  beforeAll(async () => {
    guarded = await createTestServer({ GRAFT_TOKENS: `reader:read+write:${secret}` })
    const { data } = await guarded.ask<{ createDataset: { dataset: { id: string } } }>(
      'mutation { createDataset(input: { name: "guarded" }) { ... on CreateDatasetSuccess { dataset { id } } } }',
      {},
      bearer,
    )
    const before = datasetId
    datasetId = data?.createDataset.dataset.id ?? ''
    picture = (await add(await draw().jpeg().toBuffer(), 'a/x.jpg', guarded, bearer)).image as Served
    datasetId = before
  })

  afterAll(() => guarded.close())

  it('is signed, so that a browser can show it, for this picture and size alone', async () => {
    expect((await fetch(picture.url)).status).toBe(200)
    expect((await fetch(picture.small)).status).toBe(200)
    expect((await fetch(picture.small.replace('size=32', 'size=33'))).status).toBe(401)
    expect((await fetch(picture.small.replace('size=32&', ''))).status).toBe(401)
    expect((await fetch(picture.url.replace(/signature=.{4}/, 'signature=AAAA'))).status).toBe(401)
    expect((await fetch(picture.url.replace(/\?.*/, ''))).status).toBe(401)
  })

  it('needs no signature where the token itself comes along', async () => {
    expect((await fetch(picture.url.replace(/\?.*/, ''), { headers: bearer })).status).toBe(200)
  })
})
