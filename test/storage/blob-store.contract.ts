/** What every storage must do, whatever it keeps blobs in: each store's test runs all of it. */
import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { BlobStore, ListedBlob } from '../../src/storage/blob-store.js'
import { BlobCorruptError, BlobMissingError } from '../../src/storage/storage.errors.js'

export interface StoreOnTrial {
  readonly store: BlobStore
  /** Puts other bytes in the blob's place, behind the store's back. */
  readonly damage: (sha256: string, bytes: Uint8Array) => Promise<void>
  /** Names of whatever is there beside blobs: files half written, uploads half done. */
  readonly leftovers: () => Promise<string[]>
  readonly close: () => Promise<void>
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export async function* inParts(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size)
    yield await Promise.resolve(bytes.subarray(start, start + size))
}

async function listed(store: BlobStore): Promise<ListedBlob[]> {
  const blobs: ListedBlob[] = []
  for await (const blob of store.list()) blobs.push(blob)
  return blobs
}

/** Call it inside a `describe`. `open` gives an empty store. */
export function itKeepsTheContract(open: () => Promise<StoreOnTrial>): void {
  let trial: StoreOnTrial
  let store: BlobStore

  beforeEach(async () => {
    trial = await open()
    store = trial.store
  })

  afterEach(() => trial.close())

  it('names bytes by their sha256, whole or in parts, and gives them back', async () => {
    const bytes = randomBytes(100_000)
    const whole = await store.put(bytes)
    expect(whole).toEqual({ sha256: sha256Of(bytes), byteSize: 100_000 })
    await store.delete(whole.sha256)
    expect(await store.put(inParts(bytes, 7777))).toEqual(whole)
    expect((await store.read(whole.sha256)).equals(bytes)).toBe(true)
    expect(await store.stat(whole.sha256)).toEqual({ ...whole, putAt: expect.any(Date) as unknown })
  })

  it('keeps an empty blob', async () => {
    const { sha256 } = await store.put(new Uint8Array())
    expect(await store.read(sha256)).toHaveLength(0)
    expect(await buffer(store.stream(sha256))).toHaveLength(0)
    expect(await store.put(inParts(new Uint8Array(), 1))).toEqual({ sha256, byteSize: 0 })
  })

  it('stores equal bytes once when many put them at the same time', async () => {
    const bytes = randomBytes(50_000)
    const puts = Array.from({ length: 12 }, (_, index) => store.put(index % 2 === 0 ? bytes : inParts(bytes, 1000)))
    expect(new Set((await Promise.all(puts)).map(({ sha256 }) => sha256)).size).toBe(1)
    expect((await listed(store)).map(({ sha256 }) => sha256)).toEqual([sha256Of(bytes)])
    expect(await trial.leftovers()).toEqual([])
  })

  it('streams a blob, and ranges of it', async () => {
    const { sha256 } = await store.put(Buffer.from('0123456789'))
    expect((await buffer(store.stream(sha256))).toString()).toBe('0123456789')
    expect((await buffer(store.stream(sha256, { start: 2, end: 4 }))).toString()).toBe('234')
    expect((await buffer(store.stream(sha256, { start: 7 }))).toString()).toBe('789')
  })

  it('stops a stream that nobody reads on', async () => {
    const { sha256 } = await store.put(randomBytes(2_000_000))
    const stream = store.stream(sha256)
    for await (const part of stream) if ((part as Buffer).length > 0) break
    expect(stream.destroyed).toBe(true)
  })

  it('says that a blob is missing, whichever way it is asked for', async () => {
    const missing = 'a'.repeat(64)
    await expect(store.read(missing)).rejects.toThrow(BlobMissingError)
    await expect(buffer(store.stream(missing))).rejects.toThrow(BlobMissingError)
    await expect(buffer(store.stream(missing, { start: 0, end: 9 }))).rejects.toThrow(BlobMissingError)
    await expect(store.withFile(missing, () => Promise.resolve())).rejects.toThrow(BlobMissingError)
    expect(await store.stat(missing)).toBeNull()
    await expect(store.delete(missing)).resolves.toBeUndefined()
  })

  it('has no blob by a name that is no sha256, wherever that might lead', async () => {
    for (const name of ['../../../etc/passwd', '', 'A'.repeat(64)]) {
      await expect(store.read(name)).rejects.toThrow(BlobMissingError)
    }
  })

  it('forgets a blob that is deleted', async () => {
    const { sha256 } = await store.put(randomBytes(1000))
    await store.delete(sha256)
    await expect(store.read(sha256)).rejects.toThrow(BlobMissingError)
    expect(await store.stat(sha256)).toBeNull()
    expect(await listed(store)).toEqual([])
  })

  it('deletes a blob that was not put since a moment, and no other', async () => {
    const bytes = randomBytes(1000)
    const { sha256 } = await store.put(bytes)
    const { putAt } = (await store.stat(sha256)) as ListedBlob
    expect(await store.deleteIfOlder(sha256, putAt)).toBe(false)
    expect((await store.read(sha256)).equals(bytes)).toBe(true)
    expect(await store.deleteIfOlder(sha256, new Date(putAt.getTime() + 1000))).toBe(true)
    expect(await store.stat(sha256)).toBeNull()
    expect(await store.deleteIfOlder(sha256, new Date(putAt.getTime() + 1000))).toBe(false)
    expect(await trial.leftovers()).toEqual([])
  })

  it('refuses damaged bytes instead of handing them out', async () => {
    const { sha256 } = await store.put(randomBytes(1000))
    await trial.damage(sha256, randomBytes(500))
    await expect(store.read(sha256)).rejects.toThrow(BlobCorruptError)
  })

  it('mends a blob of the right length or another when the same bytes are put again', async () => {
    const bytes = randomBytes(1000)
    const { sha256 } = await store.put(bytes)
    for (const size of [500, 1000]) {
      await trial.damage(sha256, randomBytes(size))
      await store.put(bytes)
      expect((await store.read(sha256)).equals(bytes)).toBe(true)
    }
  })

  it('leaves nothing behind when the source of the bytes fails, and passes its error on', async () => {
    async function* failing(): AsyncIterable<Uint8Array> {
      yield await Promise.resolve(randomBytes(1000))
      throw new Error('the sender went away')
    }
    await expect(store.put(failing())).rejects.toThrow('the sender went away')
    expect(await trial.leftovers()).toEqual([])
    expect(await listed(store)).toEqual([])
  })

  it('lists every blob with its size and the time it was put, which putting it again renews', async () => {
    const bytes = [randomBytes(10), randomBytes(2000)]
    for (const each of bytes) await store.put(each)
    const first = await listed(store)
    const sizes = first.map(({ sha256, byteSize }) => [sha256, byteSize])
    expect(new Map(sizes as [string, number][])).toEqual(new Map(bytes.map((each) => [sha256Of(each), each.length])))
    // Some storages tell time in whole seconds.
    await sleep(1100)
    for (const [index, each] of bytes.entries()) await store.put(index === 0 ? each : inParts(each, 100))
    for (const { sha256, putAt } of first) {
      expect((await store.stat(sha256))?.putAt.getTime()).toBeGreaterThan(putAt.getTime())
    }
  })

  it('lends a file with the bytes for as long as it is used', async () => {
    const bytes = randomBytes(1000)
    const { sha256 } = await store.put(bytes)
    expect((await store.withFile(sha256, (path) => readFile(path))).equals(bytes)).toBe(true)
    await expect(store.withFile(sha256, () => Promise.reject(new Error('the reader failed')))).rejects.toThrow(
      'the reader failed',
    )
    expect(await trial.leftovers()).toEqual([])
  })
}
