import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { collectFeatures, type FeatureCollection, type StoredShard } from '../../src/features/collect-features.js'
import { PictureUnavailableError } from '../../src/features/compute-features.js'
import { featureKey } from '../../src/features/feature-key.js'
import type { FeatureTable } from '../../src/features/feature-table.js'
import { createImageReader } from '../../src/images/image.reader.js'
import { createTrunkSession, type TrunkSession } from '../../src/inference/sessions.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import type { BlobStore } from '../../src/storage/blob-store.js'
import { createFileStore } from '../../src/storage/file-store.js'

const KEY = featureKey({ trunkSha256: 'a'.repeat(64), trunkPrecision: 'fp32', imageSize: 32 })

let trunk: TrunkSession
let directory: string
let storage: BlobStore
let pictures: string[]

beforeAll(async () => {
  trunk = await createTrunkSession(randomTrunk())
})
afterAll(() => trunk.release())

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'graft-features-'))
  storage = await createFileStore(directory)
  pictures = await Promise.all(Array.from({ length: 150 }, (_, i) => storePicture(i)))
  return () => rm(directory, { recursive: true })
})

async function storePicture(i: number): Promise<string> {
  const background = { r: i, g: (7 * i) % 256, b: 255 - i }
  const bytes = await sharp({ create: { width: 40, height: 36, channels: 3, background } })
    .png()
    .toBuffer()
  return (await storage.put(bytes)).sha256
}

interface Collected {
  readonly table: FeatureTable
  readonly stored: StoredShard[]
  readonly lost: readonly string[]
  /** Pictures that went through the trunk. */
  readonly computed: number
}

async function collect(changes: Partial<FeatureCollection> = {}): Promise<Collected> {
  const stored: StoredShard[] = []
  let lost: readonly string[] = []
  let computed = 0
  const counting: TrunkSession = {
    features: (images, count, imageSize) => {
      computed += count
      return trunk.features(images, count, imageSize)
    },
    release: () => Promise.resolve(),
  }
  const table = await collectFeatures({
    storage,
    images: createImageReader({ maxPixels: 1e6, maxImageBytes: 1e6 }),
    imageSize: 32,
    key: KEY,
    shards: [],
    pictures,
    signal: new AbortController().signal,
    openTrunk: () => Promise.resolve(counting),
    report: {
      progressed: () => undefined,
      shardStored: (shard) => stored.push(shard),
      shardsRead: (read) => (lost = read.lost),
    },
    ...changes,
  })
  return { table, stored, lost, computed }
}

const shardsOf = ({ stored }: Collected): string[] => stored.map(({ sha256 }) => sha256)

describe('collecting features', () => {
  it('computes each picture once and reads it from its shard ever after', async () => {
    const first = await collect()
    expect(first.computed).toBe(150)
    expect(first.stored.map(({ imageCount }) => imageCount)).toEqual([128, 22])
    const again = await collect({ shards: shardsOf(first) })
    expect(again.computed).toBe(0)
    expect(again.table.features).toEqual(first.table.features)
  })

  it('gives the rows in the order that the pictures are asked for', async () => {
    const first = await collect()
    const reversed = await collect({ shards: shardsOf(first), pictures: [...pictures].reverse() })
    const [last = ''] = pictures.slice(-1)
    expect(reversed.table.features.subarray(0, 2048)).toEqual(first.table.rowOf(last))
  })

  it('computes only the pictures that no shard has', async () => {
    const some = await collect({ pictures: pictures.slice(0, 100) })
    const all = await collect({ shards: shardsOf(some) })
    expect(all.computed).toBe(50)
    expect(all.table.features).toEqual((await collect()).table.features)
  })

  it('computes a picture alike whatever pictures are beside it', async () => {
    const alone = await collect({ pictures: pictures.slice(70, 71) })
    const among = await collect()
    expect(alone.table.features).toEqual(among.table.rowOf(pictures[70] ?? ''))
  })

  it('computes a damaged or missing shard again and stores it soundly', async () => {
    const first = await collect()
    const [damaged = '', missing = ''] = shardsOf(first)
    await writeFile(storage.path(damaged), (await storage.read(damaged)).fill(0, 6000))
    await storage.delete(missing)
    const again = await collect({ shards: [damaged, missing] })
    expect(again.lost).toEqual([damaged, missing])
    expect(again.computed).toBe(150)
    expect(again.table.features).toEqual(first.table.features)
    expect((await collect({ shards: shardsOf(again) })).computed).toBe(0)
  })

  it('does not take a shard of another key', async () => {
    const other = await collect({
      key: featureKey({ trunkSha256: 'b'.repeat(64), trunkPrecision: 'fp32', imageSize: 32 }),
    })
    expect((await collect({ shards: shardsOf(other) })).computed).toBe(150)
  })

  it('names a picture that is gone, and keeps what it had computed', async () => {
    const lost = pictures[149] ?? ''
    await storage.delete(lost)
    const stored: string[] = []
    const report = {
      progressed: () => undefined,
      shardsRead: () => undefined,
      shardStored: ({ sha256 }: StoredShard) => stored.push(sha256),
    }
    await expect(collect({ report })).rejects.toThrow(PictureUnavailableError)
    await expect(collect({ report })).rejects.toThrow(lost)
    const rest = await collect({ shards: stored, pictures: pictures.slice(0, 64) })
    expect(rest.computed).toBe(0)
  })

  it('stops between batches when it is told to, and keeps what it had computed', async () => {
    const controller = new AbortController()
    const stored: StoredShard[] = []
    const report = {
      progressed: ({ done }: { done: number }) => {
        if (done > 0) controller.abort()
      },
      shardsRead: () => undefined,
      shardStored: (shard: StoredShard) => stored.push(shard),
    }
    await expect(collect({ report, signal: controller.signal })).rejects.toThrow('aborted')
    expect(stored.map(({ imageCount }) => imageCount)).toEqual([64])
  })
})
