import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFileStore, type FileStore } from '../../src/storage/file-store.js'
import { StorageFullError, StorageUnavailableError } from '../../src/storage/storage.errors.js'
import { startChild } from '../child.js'
import { inParts, itKeepsTheContract } from './blob-store.contract.js'

let directory: string
let store: FileStore

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'graft-blobs-'))
  store = await createFileStore(directory)
})

afterEach(() => rm(directory, { recursive: true, force: true }))

function drafts(): Promise<string[]> {
  return readdir(join(directory, 'drafts'))
}

describe('a file store', () => {
  describe('as any other', () => {
    itKeepsTheContract(() =>
      Promise.resolve({
        store,
        damage: (sha256, bytes) => writeFile(store.path(sha256), bytes),
        leftovers: drafts,
        close: () => Promise.resolve(),
      }),
    )
  })

  it('spreads blobs over folders by the first digits of their names', async () => {
    const { sha256 } = await store.put(randomBytes(10))
    expect(store.path(sha256)).toBe(join(directory, sha256.slice(0, 2), sha256))
    expect(await readFile(store.path(sha256))).toHaveLength(10)
  })

  it('lists blobs only, whatever else lies in its folder', async () => {
    const { sha256 } = await store.put(randomBytes(10))
    await writeFile(join(directory, 'notes.txt'), 'mine')
    await writeFile(join(directory, sha256.slice(0, 2), 'thumbs.db'), 'theirs')
    const listed = []
    for await (const blob of store.list()) listed.push(blob.sha256)
    expect(listed).toEqual([sha256])
  })

  it('never deletes a blob as old that is being put again', async () => {
    const bytes = randomBytes(1000)
    const { sha256 } = await store.put(bytes)
    const longAgo = new Date(Date.now() - 3_600_000)
    const soonAfter = new Date(longAgo.getTime() + 1000)
    for (let turn = 0; turn < 200; turn++) {
      await utimes(store.path(sha256), longAgo, longAgo)
      await Promise.all([store.put(bytes), store.deleteIfOlder(sha256, soonAfter), store.put(bytes)])
      expect((await store.read(sha256)).equals(bytes)).toBe(true)
    }
    expect(await drafts()).toEqual([])
  })

  it('shows no half blob, whenever its writer is killed, and keeps no draft of it', async () => {
    for (let round = 0; round < 6; round++) {
      const writer = startChild(`
        import { randomBytes } from 'node:crypto'
        const { createFileStore } = await import(dist + '/storage/file-store.js')
        const store = await createFileStore(${JSON.stringify(directory)})
        async function* parts() { for (let i = 0; i < 20; i++) yield randomBytes(50_000) }
        for (;;) console.log((await store.put(parts())).sha256)`)
      const acknowledged = [await writer.line(), await writer.line()]
      await sleep(7 * round)
      await writer.end('SIGKILL')
      for (const sha256 of acknowledged) expect(await store.read(sha256)).toHaveLength(1_000_000)
      for await (const { sha256 } of store.list()) await store.read(sha256)
    }
    await createFileStore(directory)
    expect(await drafts()).toEqual([])
  })

  it('removes what dead writers left and spares what living ones write', async () => {
    const dead = spawnSync(process.execPath, ['-e', '0']).pid
    const names = [dead, process.pid].map((pid) => `${hostname()}~${String(pid)}~00`)
    for (const name of names) await writeFile(join(directory, 'drafts', name), 'half')
    await createFileStore(directory)
    expect(await drafts()).toEqual([names[1]])
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
      expect(await drafts()).toEqual([])
      await expect(small.put(randomBytes(10_000))).resolves.toMatchObject({ byteSize: 10_000 })
    } finally {
      spawnSync('umount', [directory])
    }
  })
})
