import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BlobStore } from '../../src/storage/blob-store.js'
import { createFileStore } from '../../src/storage/file-store.js'
import {
  BlobCorruptError,
  BlobMissingError,
  StorageFullError,
  StorageUnavailableError,
} from '../../src/storage/storage.errors.js'

let directory: string
let store: BlobStore

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'graft-blobs-'))
  store = await createFileStore(directory)
})

afterEach(() => rm(directory, { recursive: true, force: true }))

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function* inParts(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size)
    yield await Promise.resolve(bytes.subarray(start, start + size))
}

describe('a file store', () => {
  it('names bytes by their sha256, whole or in parts, and gives them back', async () => {
    const bytes = randomBytes(100_000)
    const whole = await store.put(bytes)
    expect(whole).toEqual({ sha256: sha256Of(bytes), byteSize: 100_000 })
    await store.delete(whole.sha256)
    expect(await store.put(inParts(bytes, 7777))).toEqual(whole)
    expect((await store.read(whole.sha256)).equals(bytes)).toBe(true)
    expect(await store.stat(whole.sha256)).toEqual({ byteSize: 100_000, putAt: expect.any(Date) as unknown })
    expect(store.path(whole.sha256)).toMatch(new RegExp(`/${whole.sha256.slice(0, 2)}/${whole.sha256.slice(2, 4)}/`))
  })

  it('writes bytes anew that a disk has damaged', async () => {
    const bytes = randomBytes(1000)
    const { sha256 } = await store.put(bytes)
    await writeFile(store.path(sha256), randomBytes(1000))
    await expect(store.read(sha256)).rejects.toThrow(BlobCorruptError)
    await store.put(bytes)
    expect((await store.read(sha256)).equals(bytes)).toBe(true)
  })

  it('keeps an empty blob', async () => {
    const { sha256 } = await store.put(new Uint8Array())
    expect(await store.read(sha256)).toHaveLength(0)
  })

  it('stores equal bytes once when many put them at the same time', async () => {
    const bytes = randomBytes(50_000)
    const puts = Array.from({ length: 12 }, (_, index) => store.put(index % 2 === 0 ? bytes : inParts(bytes, 1000)))
    expect(new Set((await Promise.all(puts)).map(({ sha256 }) => sha256)).size).toBe(1)
    const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    expect(files.map(({ name }) => name)).toEqual([sha256Of(bytes)])
  })

  it('streams a range of a blob', async () => {
    const { sha256 } = await store.put(Buffer.from('0123456789'))
    expect((await buffer(store.stream(sha256, { start: 2, end: 4 }))).toString()).toBe('234')
    expect((await buffer(store.stream(sha256, { start: 7 }))).toString()).toBe('789')
  })

  it('says that a blob is missing, whichever way it is asked for', async () => {
    const missing = 'a'.repeat(64)
    await expect(store.read(missing)).rejects.toThrow(BlobMissingError)
    await expect(buffer(store.stream(missing))).rejects.toThrow(BlobMissingError)
    expect(await store.stat(missing)).toBeNull()
    await expect(store.delete(missing)).resolves.toBeUndefined()
  })

  it('never leaves its folder for a name that is no sha256', async () => {
    await expect(store.read('../../../etc/passwd')).rejects.toThrow(BlobMissingError)
  })

  it('refuses damaged bytes instead of handing them out', async () => {
    const { sha256 } = await store.put(randomBytes(1000))
    await truncate(store.path(sha256), 500)
    await expect(store.read(sha256)).rejects.toThrow(BlobCorruptError)
  })

  it('mends a blob that was cut short when the same bytes are put again', async () => {
    const bytes = randomBytes(1000)
    const { sha256 } = await store.put(bytes)
    await truncate(store.path(sha256), 500)
    await store.put(bytes)
    expect((await store.read(sha256)).equals(bytes)).toBe(true)
  })

  it('leaves nothing behind when the source of the bytes fails, and passes its error on', async () => {
    async function* failing(): AsyncIterable<Uint8Array> {
      yield await Promise.resolve(randomBytes(1000))
      throw new Error('the sender went away')
    }
    await expect(store.put(failing())).rejects.toThrow('the sender went away')
    expect(await readdir(join(directory, 'drafts'))).toEqual([])
  })

  it('removes what dead writers left and spares what living ones write', async () => {
    const dead = spawnSync(process.execPath, ['-e', '0']).pid
    const names = [dead, process.pid].map((pid) => `${hostname()}~${String(pid)}~00`)
    for (const name of names) await writeFile(join(directory, 'drafts', name), 'half')
    await createFileStore(directory)
    expect(await readdir(join(directory, 'drafts'))).toEqual([names[1]])
  })

  it('says that storage cannot be reached when its folder is a file', async () => {
    const { sha256 } = await store.put(Buffer.from('x'))
    await expect(createFileStore(store.path(sha256))).rejects.toThrow(StorageUnavailableError)
    expect(await readFile(store.path(sha256), 'utf8')).toBe('x')
  })

  it('says that storage is full and leaves nothing behind', async (context) => {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory])
    if (mounted.status !== 0) return context.skip('only root can make a small disk')
    try {
      const small = await createFileStore(directory)
      await expect(small.put(inParts(randomBytes(2_000_000), 65_536))).rejects.toThrow(StorageFullError)
      expect(await readdir(join(directory, 'drafts'))).toEqual([])
      await expect(small.put(randomBytes(10_000))).resolves.toMatchObject({ byteSize: 10_000 })
    } finally {
      spawnSync('umount', [directory])
    }
  })
})
