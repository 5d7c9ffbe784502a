import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ListMultipartUploadsCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/config.js'
import type { BlobStore } from '../../src/storage/blob-store.js'
import { blobPlace } from '../../src/storage/blob-name.js'
import { openStorage } from '../../src/storage/open-storage.js'
import { StorageUnavailableError } from '../../src/storage/storage.errors.js'
import { inParts, itKeepsTheContract, sha256Of, type StoreOnTrial } from './blob-store.contract.js'
import { describeWithS3, startS3Server, type S3Server } from './s3-server.js'

let server: S3Server
let folder: string
let count = 0

interface S3Trial extends StoreOnTrial {
  readonly dataDir: string
  readonly prefix: string
  /** Another machine's: the same bucket, no copies. */
  readonly elsewhere: (env?: Record<string, string>) => Promise<BlobStore>
}

async function openTrial(env: Record<string, string> = {}): Promise<S3Trial> {
  const prefix = `trial-${String((count += 1))}`
  const dataDir = join(folder, prefix)
  const open = (directory: string, more: Record<string, string> = {}): Promise<BlobStore> =>
    openStorage(loadConfig({ ...server.env(prefix), ...env, ...more, GRAFT_DATA_DIR: directory }))
  const store = await open(dataDir)
  return {
    store,
    dataDir,
    prefix,
    elsewhere: (more) => open(join(dataDir, `machine-${String((count += 1))}`), more),
    damage: async (sha256, Body) => {
      const Key = `${prefix}/${blobPlace(sha256)}`
      await server.client.send(new PutObjectCommand({ Bucket: server.bucket, Key, Body }))
      await rm(join(dataDir, 'cache', 's3', 'files', sha256), { force: true })
    },
    leftovers: async () => {
      const { Uploads = [] } = await server.client.send(new ListMultipartUploadsCommand({ Bucket: server.bucket }))
      const own = Uploads.map(({ Key }) => Key ?? '').filter((key) => key.startsWith(prefix))
      return [...own, ...(await readdir(join(dataDir, 'cache', 's3', 'drafts')))]
    },
    close: () => Promise.resolve(),
  }
}

describeWithS3('a store in S3', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graft-s3-'))
    // It tells of ten objects at a time.
    server = await startS3Server({ MOTO_S3_DEFAULT_MAX_KEYS: '10' })
  })

  afterAll(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  describe('as any other', () => {
    itKeepsTheContract(openTrial)
  })

  it('sends what is large in parts, and gives it back on another machine', async () => {
    const { store, elsewhere, leftovers } = await openTrial()
    const bytes = randomBytes(40_000_000)
    const { sha256 } = await store.put(inParts(bytes, 1 << 20))
    const other = await elsewhere()
    expect((await other.read(sha256)).equals(bytes)).toBe(true)
    const range = await buffer((await elsewhere()).stream(sha256, { start: 20_000_000, end: 20_000_999 }))
    expect(range.equals(bytes.subarray(20_000_000, 20_001_000))).toBe(true)
    expect(await leftovers()).toEqual([])
  })

  it('reads what it has near without asking the server, and a copy that was damaged from the server', async () => {
    const { store, dataDir, prefix } = await openTrial()
    const bytes = randomBytes(1000)
    const { sha256 } = await store.put(bytes)
    const copy = join(dataDir, 'cache', 's3', 'files', sha256)
    await writeFile(copy, randomBytes(1000))
    expect((await store.read(sha256)).equals(bytes)).toBe(true)
    const Key = `${prefix}/${blobPlace(sha256)}`
    await server.client.send(new PutObjectCommand({ Bucket: server.bucket, Key, Body: 'other' }))
    expect((await store.read(sha256)).equals(bytes)).toBe(true)
    expect((await buffer(store.stream(sha256, { start: 10, end: 19 }))).equals(bytes.subarray(10, 20))).toBe(true)
  })

  it('keeps copies within their budget, the latest used ones, and lends none away while it is used', async () => {
    const { store, dataDir } = await openTrial({ GRAFT_STORAGE_CACHE_BYTES: '160 kB' })
    const first = await store.put(randomBytes(10_000))
    await store.withFile(first.sha256, async (path) => {
      for (let i = 0; i < 40; i++) {
        await store.put(randomBytes(10_000))
        if (i < 20) await store.read(first.sha256)
      }
      expect((await stat(path)).size).toBe(10_000)
    })
    const copies = await readdir(join(dataDir, 'cache', 's3', 'files'))
    expect(copies.length).toBeGreaterThan(10)
    expect(copies.length).toBeLessThanOrEqual(17)
    expect(copies).not.toContain(first.sha256)
    expect(await store.read(first.sha256)).toHaveLength(10_000)
  })

  it('lets several processes share copies', async () => {
    const { store, dataDir, prefix } = await openTrial()
    const again = await openStorage(loadConfig({ ...server.env(prefix), GRAFT_DATA_DIR: dataDir }))
    const blobs = Array.from({ length: 10 }, () => randomBytes(5000))
    await Promise.all(blobs.flatMap((bytes) => [store.put(bytes), again.put(bytes)]))
    const reads = blobs.flatMap((bytes) => [store.read(sha256Of(bytes)), again.read(sha256Of(bytes))])
    expect((await Promise.all(reads)).map(sha256Of)).toEqual(
      blobs.flatMap((bytes) => [sha256Of(bytes), sha256Of(bytes)]),
    )
  })

  it('keeps apart what lies under other prefixes of the bucket', async () => {
    const [one, two] = [await openTrial(), await openTrial()]
    const { sha256 } = await one.store.put(randomBytes(10))
    expect(await two.store.stat(sha256)).toBeNull()
    const listed = []
    for await (const blob of two.store.list()) listed.push(blob)
    expect(listed).toEqual([])
  })

  it('lists all blobs, however many the server tells at a time', async () => {
    const { store } = await openTrial()
    const names = await Promise.all(Array.from({ length: 25 }, (_, i) => store.put(Buffer.from(`blob ${String(i)}`))))
    const listed = []
    for await (const { sha256 } of store.list()) listed.push(sha256)
    expect(listed).toHaveLength(25)
    expect(new Set(listed)).toEqual(new Set(names.map(({ sha256 }) => sha256)))
  })

  it('says what to check where the bucket cannot be had', async () => {
    const dataDir = join(folder, 'nowhere')
    const open = (env: Record<string, string>): Promise<BlobStore> =>
      openStorage(loadConfig({ ...server.env('x'), ...env, GRAFT_DATA_DIR: dataDir }))
    const cases: [Record<string, string>, RegExp][] = [
      [{ GRAFT_STORAGE_URL: 's3://missing' }, /has no bucket "missing": create it, or correct GRAFT_STORAGE_URL/],
      [{ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }, /does not answer \(ECONNREFUSED\): check AWS_ENDPOINT_URL/],
      [{ AWS_ENDPOINT_URL_S3: 'http://nowhere.invalid' }, /host of .* is not known: check AWS_ENDPOINT_URL/],
    ]
    for (const [env, message] of cases) {
      const opening = open(env)
      await expect(opening).rejects.toThrow(StorageUnavailableError)
      await expect(opening).rejects.toThrow(message)
    }
  })

  it('says what to check where the server refuses the keys, and where it goes away', async () => {
    // From its second request on this one asks who calls.
    const strict = await startS3Server({ INITIAL_NO_AUTH_ACTION_COUNT: '1' })
    const config = loadConfig({ ...strict.env('x'), GRAFT_DATA_DIR: join(folder, 'refused') })
    await expect(openStorage(config)).rejects.toThrow(/refuses access to the bucket "graft".*check AWS_ACCESS_KEY_ID/)
    await strict.close()

    const passing = await startS3Server()
    const store = await openStorage(loadConfig({ ...passing.env('x'), GRAFT_DATA_DIR: join(folder, 'passing') }))
    const { sha256 } = await store.put(randomBytes(10))
    await passing.close()
    await expect(store.put(randomBytes(10))).rejects.toThrow(StorageUnavailableError)
    await expect(store.stat(sha256)).rejects.toThrow(StorageUnavailableError)
    expect(await store.read(sha256)).toHaveLength(10)
    expect(await readdir(join(folder, 'passing', 'cache', 's3', 'drafts'))).toEqual([])
  })
})
