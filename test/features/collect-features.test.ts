import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { collectFeatures, type FeatureCollection, type StoredShard } from '../../src/features/collect-features.js'
import { PictureUnavailableError } from '../../src/features/compute-features.js'
import { featureKey } from '../../src/features/feature-key.js'
import { computationOf, type FeatureRecipe } from '../../src/features/feature-recipe.js'
import { createImageReader } from '../../src/images/image.reader.js'
import { createTrunkSession, type TrunkSession } from '../../src/inference/sessions.js'
import { cutOf } from '../../src/network/cut.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { createFileStore, type FileStore } from '../../src/storage/file-store.js'

function recipe(trunkSha256: string): FeatureRecipe {
  const computation = computationOf()
  return { trunkSha256, trunkPrecision: 'fp32', trainableLayers: 'HEAD', imageSize: 32, view: null, computation }
}

const KEY = featureKey(recipe('a'.repeat(64)))

let trunk: TrunkSession
let directory: string
let storage: FileStore
let drawn: Buffer[]
let pictures: string[]

beforeAll(async () => {
  trunk = await createTrunkSession(randomTrunk())
  drawn = await Promise.all(Array.from({ length: 150 }, (_, i) => drawPicture(i)))
})
afterAll(() => trunk.release())

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'graft-features-'))
  storage = await createFileStore(directory)
  pictures = await Promise.all(drawn.map(async (bytes) => (await storage.put(bytes)).sha256))
  return () => rm(directory, { recursive: true })
})

function drawPicture(i: number): Promise<Buffer> {
  const background = { r: i, g: (7 * i) % 256, b: 255 - i }
  return sharp({ create: { width: 40, height: 36, channels: 3, background } })
    .png()
    .toBuffer()
}

interface Collected {
  /** [pictures, width] */
  readonly features: Float32Array
  /** How many pictures are in memory or on disk. */
  readonly kept: number
  readonly stored: StoredShard[]
  readonly lost: readonly string[]
  /** Pictures that went through the trunk while features were collected. */
  readonly computed: number
  /** Those that did so when all features were read then. */
  readonly recomputed: number
}

async function collect(
  changes: Partial<FeatureCollection> = {},
  beforeReading: (stored: readonly StoredShard[]) => Promise<unknown> = () => Promise.resolve(),
): Promise<Collected> {
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
  const reader = await collectFeatures({
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
      shardsRead: (read) => (lost = [...lost, ...read.lost]),
      clamped: () => undefined,
    },
    width: 2048,
    budgetBytes: 1e9,
    memoryBytes: 0,
    ...changes,
  })
  const before = computed
  await beforeReading(stored)
  const features = await reader.read(Uint32Array.from({ length: reader.count }, (_, row) => row))
  await reader.close()
  return { features, kept: reader.kept, stored, lost, computed: before, recomputed: computed - before }
}

const row = ({ features }: Collected, i: number): Float32Array => features.subarray(i * 2048, (i + 1) * 2048)

const shardsOf = ({ stored }: Collected): string[] => stored.map(({ sha256 }) => sha256)

describe('collecting features', () => {
  it('computes each picture once and reads it from its shard ever after', async () => {
    const first = await collect()
    expect(first.computed).toBe(150)
    expect(first.stored.map(({ imageCount }) => imageCount)).toEqual([128, 22])
    const again = await collect({ shards: shardsOf(first) })
    expect(again.computed).toBe(0)
    expect(again.features).toEqual(first.features)
  })

  it('gives the rows in the order that the pictures are asked for', async () => {
    const first = await collect()
    const reversed = await collect({ shards: shardsOf(first), pictures: [...pictures].reverse() })
    expect(row(reversed, 0)).toEqual(row(first, 149))
  })

  it('computes only the pictures that no shard has', async () => {
    const some = await collect({ pictures: pictures.slice(0, 100) })
    const all = await collect({ shards: shardsOf(some) })
    expect(all.computed).toBe(50)
    expect(all.features).toEqual((await collect()).features)
  })

  it('computes a picture alike whatever pictures are beside it', async () => {
    const alone = await collect({ pictures: pictures.slice(70, 71) })
    const among = await collect()
    expect(alone.features).toEqual(row(among, 70))
  })

  it('computes a damaged or missing shard again and stores it soundly', async () => {
    const first = await collect()
    const [damaged = '', missing = ''] = shardsOf(first)
    await writeFile(storage.path(damaged), (await storage.read(damaged)).fill(0, 6000))
    await storage.delete(missing)
    const again = await collect({ shards: [damaged, missing] })
    expect(again.lost).toEqual([damaged, missing])
    expect(again.computed).toBe(150)
    expect(again.features).toEqual(first.features)
    expect((await collect({ shards: shardsOf(again) })).computed).toBe(0)
  })

  it('does not take a shard of another key', async () => {
    const trunkSha256 = 'b'.repeat(64)
    const other = await collect({
      key: featureKey(recipe(trunkSha256)),
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
      clamped: () => undefined,
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
      clamped: () => undefined,
      shardStored: (shard: StoredShard) => stored.push(shard),
    }
    await expect(collect({ report, signal: controller.signal })).rejects.toThrow('aborted')
    expect(stored.map(({ imageCount }) => imageCount)).toEqual([64])
  })

  it('stops when it is told to while it computes again what was not kept', async () => {
    const controller = new AbortController()
    let batches = 0
    const stopping: TrunkSession = {
      features: (...batch) => {
        batches += 1
        controller.abort()
        return trunk.features(...batch)
      },
      release: () => Promise.resolve(),
    }
    const nothingKept = { budgetBytes: 0, memoryBytes: 0, openTrunk: () => Promise.resolve(stopping) }
    await expect(collect({ ...nothingKept, signal: controller.signal })).rejects.toThrow('aborted')
    expect(batches).toBe(1)
  })

  it.each([
    [0, 0, 0],
    [0, 40, 40],
    [100, 0, 100],
    [100, 120, 120],
  ])(
    'keeps what fits, %d on disk and %d in memory, and computes the rest whenever it is read',
    async (disk, memory, kept) => {
      const whole = await collect()
      const budgetBytes = disk * (2048 * 2 + 32)
      const some = await collect({ budgetBytes, memoryBytes: memory * 2048 * 2 })
      expect(some).toMatchObject({ kept, computed: kept, recomputed: 150 - kept })
      expect(some.stored.reduce((sum, { imageCount }) => sum + imageCount, 0)).toBe(disk)
      expect(some.features).toEqual(whole.features)
    },
  )

  it('counts what is kept already towards the budget', async () => {
    const some = await collect({ pictures: pictures.slice(0, 100) })
    const byteSize = some.stored.reduce((sum, shard) => sum + shard.byteSize, 0)
    const all = await collect({ shards: shardsOf(some), budgetBytes: byteSize + 10 * (2048 * 2 + 32) })
    expect(all).toMatchObject({ kept: 110, computed: 10, recomputed: 40 })
  })

  it('computes again what was dropped for another run meanwhile', async () => {
    const whole = await collect()
    const robbed = await collect({}, ([first]) => storage.delete(first?.sha256 ?? ''))
    expect(robbed).toMatchObject({ computed: 150, recomputed: 128, kept: 22 })
    expect(new Set(robbed.lost)).toEqual(new Set([robbed.stored[0]?.sha256]))
    expect(robbed.features).toEqual(whole.features)
  })

  it('cuts off what is beyond half precision, and says how much', async () => {
    let clamped = 0
    const loud: TrunkSession = {
      features: (_, count) => Promise.resolve(new Float32Array(count * 2048).fill(1e6)),
      release: () => Promise.resolve(),
    }
    const report = {
      progressed: () => undefined,
      shardStored: () => undefined,
      shardsRead: () => undefined,
      clamped: (values: number) => (clamped += values),
    }
    const { features } = await collect({ openTrunk: () => Promise.resolve(loud), report })
    expect(features.every((value) => value === 65504)).toBe(true)
    expect(clamped).toBe(150 * 2048)
  })
})

describe('a shard', () => {
  it('stays below 17 MB however large the activations are', async () => {
    const session = await createTrunkSession(randomTrunk(), { cut: cutOf('LAYER2') })
    const width = 56 * 56 * 256
    const { stored } = await collect({
      pictures: pictures.slice(0, 21),
      imageSize: 224,
      width,
      openTrunk: () => Promise.resolve({ ...session, release: () => Promise.resolve() }),
    })
    await session.release()
    expect(stored.map(({ imageCount }) => imageCount)).toEqual([9, 9, 3])
    expect(stored.every(({ byteSize }) => byteSize < 17e6)).toBe(true)
  })
})
