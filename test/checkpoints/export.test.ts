import { createHash } from 'node:crypto'
import { utimes, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import protobuf from 'protobufjs/minimal.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExportRepository } from '../../src/checkpoints/export/export.repository.js'
import { sweepExports } from '../../src/checkpoints/export/export.sweep.js'
import { parseHyperparameters } from '../../src/domain/hyperparameters.js'
import { globalId, uuidOf } from '../../src/graphql/ids.js'
import { createImageReader } from '../../src/images/image.reader.js'
import { drawHead } from '../../src/network/head.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { readSafetensors, readSafetensorsMetadata } from '../../src/network/safetensors.js'
import { canonicalTrunk } from '../../src/network/trunk.canonical.js'
import type { StateDict } from '../../src/network/weights.js'
import { createFileStore, type FileStore } from '../../src/storage/file-store.js'
import { writeCheckpoint } from '../../src/training/checkpoint-file.js'
import { picture } from '../datasets/pictures.js'
import { digestOf, seedCheckpoint, seedRun, seedTrunk, seedVersion, type SeededVersion } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'

const PUBLIC_URL = 'https://graft.example.org'
const SIZE = 64

let server: TestServer
let storage: FileStore
let version: SeededVersion
let trunkSha256: string
let head: StateDict
let checkpointId: string

beforeAll(async () => {
  server = await createTestServer({ GRAFT_PUBLIC_URL: PUBLIC_URL })
  storage = await createFileStore(server.imports.replace(/imports$/, 'blobs'))
  version = await seedVersion(server.database.prisma, 'animals')
  const trunk = canonicalTrunk(randomTrunk())
  await storage.put(trunk.bytes)
  trunkSha256 = await seedTrunk(server.database.prisma, trunk.sha256)
  head = drawHead({ hiddenUnits: [32, 16], dropout: [0.5, 0.3], classCount: 2 }, 1)
  checkpointId = await seedModel(trunkSha256)
})

afterAll(() => server.close())

/** A head that nobody trained, on that trunk, as the trainer stores one; `learnt` takes the place of the trunk's own. */
async function seedModel(trunk: string, learnt: StateDict = new Map()): Promise<string> {
  const { prisma } = server.database
  const parsed = parseHyperparameters({ imageSize: SIZE, hiddenUnits: [32, 16], dropout: [0.5, 0.3] })
  if ('issues' in parsed) throw new Error('The hyperparameters are wrong')
  const run = await seedRun(prisma, version, {
    ...{ name: 'Katzen & Hünde "1"', status: 'SUCCEEDED', trainerId: null },
    ...{ trunkSha256: trunk, hyperparameters: { ...parsed.value } },
  })
  const about = { runId: run.id, epoch: 3, classNames: ['cat', 'dog'], trunkSha256: trunk, preprocessingVersion: 1 }
  const blob = await storage.put(writeCheckpoint({ ...about, hyperparameters: parsed.value, head, trunk: learnt }))
  const { id } = await seedCheckpoint(prisma, run.id, 3, blob.sha256)
  if (learnt.size > 0)
    await prisma.checkpoint.update({ where: { id }, data: { trainedTrunkSha256: digestOf('trained') } })
  return globalId('Checkpoint', id)
}

/** As if the last convolution and its norm had been trained. */
async function learntTrunk(): Promise<StateDict> {
  const trunk = readSafetensors(await storage.read(trunkSha256))
  const learnt = [...trunk].filter(([name]) => /^layer4\.2\.(conv|bn)3\./.test(name))
  return new Map(
    learnt.map(([name, { shape, data }]) => [name, { shape, data: data.map((value) => 1.5 * value + 0.01) }]),
  )
}

interface ExportedFile {
  url: string
  fileName: string
  byteSize: number
  sha256: string
  expiresAt: string
}
interface Exported {
  __typename: string
  export: ExportedFile
}

async function exportCheckpoint(format: string, checkpoint = checkpointId): Promise<Exported> {
  const { data, errors } = await server.ask<{ exportCheckpoint: Exported }>(
    `mutation($input: ExportCheckpointInput!) { exportCheckpoint(input: $input) {
      __typename
      ... on ExportCheckpointSuccess { export { url fileName byteSize sha256 expiresAt } }
      ... on NotFound { id }
      ... on TrunkUnavailable { message reason }
    } }`,
    { input: { checkpointId: checkpoint, format } },
  )
  if (!data) throw new Error(JSON.stringify(errors))
  return data.exportCheckpoint
}

/** The address as it is reached without the proxy that the public one belongs to. */
const reached = ({ url }: ExportedFile): string => url.replace(PUBLIC_URL, server.url)

async function download(file: ExportedFile): Promise<Buffer> {
  return Buffer.from(await (await fetch(reached(file))).arrayBuffer())
}

describe('An export', () => {
  it('is the whole network in safetensors, as PyTorch names and aligns it', async () => {
    const { export: file } = await exportCheckpoint('SAFETENSORS')
    const bytes = await download(file)
    expect(file).toMatchObject({ fileName: 'katzen-hunde-1-epoch-3.safetensors', byteSize: bytes.length })
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256)

    const trunk = readSafetensors(await storage.read(trunkSha256))
    const tensors = readSafetensors(bytes)
    expect(new Set(tensors.keys())).toEqual(new Set([...trunk.keys(), ...head.keys()]))
    for (const [name, tensor] of [...trunk, ...head]) expect(isSame(tensors.get(name), tensor), name).toBe(true)
    expect([...head.keys()]).toEqual(['fc.1', 'fc.4', 'fc.6'].flatMap((layer) => [`${layer}.weight`, `${layer}.bias`]))

    const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE()))) as Record<
      string,
      { dtype: string; shape: number[]; data_offsets: [number, number] }
    >
    const counters = Object.entries(header).filter(([name]) => name.endsWith('.num_batches_tracked'))
    expect(counters).toHaveLength(53)
    for (const [name, { dtype, shape, data_offsets }] of counters) {
      expect({ dtype, shape, aligned: data_offsets[0] % 8 }).toEqual({ dtype: 'I64', shape: [], aligned: 0 })
      expect(trunk.has(name.replace('num_batches_tracked', 'running_mean'))).toBe(true)
    }
    expect(readSafetensorsMetadata(bytes)).toMatchObject({ format: 'pt', labels: '["cat","dog"]', imageSize: '64' })
  })

  it.each(['the head', 'a part of the trunk'])(
    'is one ONNX graph that says what classify says, where %s has learnt',
    async (what) => {
      const checkpoint = what === 'the head' ? checkpointId : await seedModel(trunkSha256, await learntTrunk())
      const { export: file } = await exportCheckpoint('ONNX', checkpoint)
      expect(file.fileName).toBe('katzen-hunde-1-epoch-3.onnx')
      const bytes = await download(file)
      const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 })
      expect([session.inputNames, session.outputNames]).toEqual([['images'], ['probabilities']])
      const reader = createImageReader({ maxPixels: 64e6, maxImageBytes: 29e6 })
      const pictures = await Promise.all([0x2040ff, 0xff8000].map((colour) => picture(colour, 40)))
      const pixels = await Promise.all(pictures.map((bytes) => reader.preprocess(bytes, SIZE)))
      const images = Float32Array.from(pixels.flatMap((each) => [...each]))
      const { probabilities } = await session.run({ images: new Tensor('float32', images, [2, 3, SIZE, SIZE]) })
      const values = probabilities?.data as Float32Array
      for (const [i, bytes] of pictures.entries()) {
        const scores = await classify(bytes, checkpoint)
        for (const [j, label] of ['cat', 'dog'].entries())
          expect(Math.abs((values[2 * i + j] as number) - (scores.get(label) as number))).toBeLessThan(1e-5)
      }
      await session.release()
      if (checkpoint !== checkpointId) {
        const before = await classify(pictures[0] as Buffer, checkpointId)
        expect(Math.abs((values[0] as number) - (before.get('cat') as number))).toBeGreaterThan(1e-3)
      }
    },
  )

  it('says in its metadata how pictures are prepared for it', async () => {
    const { export: file } = await exportCheckpoint('ONNX')
    expect(metadataOf(await download(file))).toMatchObject({
      labels: ['cat', 'dog'],
      imageSize: SIZE,
      channels: 'RGB',
      resize: { shorterSide: 73, interpolation: 'bilinear', antialias: true },
      centerCrop: SIZE,
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
      trunkSha256,
      trunkPrecision: { learntWith: 'fp32', exported: 'fp32' },
    })
  })

  it('says that it holds the trunk in single precision although the head learnt from int8', async () => {
    const checkpoint = await seedModel(trunkSha256)
    const where = { checkpoints: { some: { id: uuidOf(checkpoint, 'Checkpoint') ?? '' } } }
    await server.database.prisma.trainingRun.updateMany({
      where,
      data: { trunkPrecision: `int8:${digestOf('ranges')}` },
    })
    const { export: file } = await exportCheckpoint('ONNX', checkpoint)
    expect(metadataOf(await download(file))).toMatchObject({
      trunkPrecision: { learntWith: 'int8', exported: 'fp32' },
    })
  })

  it('has an address of its own each time, good for an hour, and is made once', async () => {
    const { export: first } = await exportCheckpoint('SAFETENSORS')
    const madeAt = (await storage.stat(first.sha256))?.putAt
    const { export: second } = await exportCheckpoint('SAFETENSORS')
    expect(second).toMatchObject({ sha256: first.sha256, fileName: first.fileName })
    expect((await storage.stat(first.sha256))?.putAt).toEqual(madeAt)
    expect(second.url).not.toBe(first.url)
    expect(second.url).toMatch(/^https:\/\/graft\.example\.org\/exports\/[\w-]{43}$/)
    const hours = (Date.parse(second.expiresAt) - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(0.9)
    expect(hours).toBeLessThanOrEqual(1)
  })

  it('is refused where there is no such checkpoint, or its trunk is gone or damaged', async () => {
    for (const id of [globalId('Checkpoint', version.versionId), globalId('Dataset', version.datasetId), 'nonsense'])
      expect(await exportCheckpoint('ONNX', id)).toEqual({ __typename: 'NotFound', id })
    const damaged = await storage.put(Buffer.from('a trunk'))
    await writeFile(storage.path(damaged.sha256), 'a trunc')
    for (const sha256 of [digestOf('nothing'), damaged.sha256]) {
      await seedTrunk(server.database.prisma, sha256)
      const refused = await exportCheckpoint('SAFETENSORS', await seedModel(sha256))
      expect(refused).toMatchObject({
        __typename: 'TrunkUnavailable',
        message: expect.stringMatching(/Restore its file/) as string,
        reason: expect.stringContaining(sha256) as string,
      })
    }
  })
})

describe('The address of an export', () => {
  it('serves the file whole, its size alone, and ranges of it', async () => {
    const { export: file } = await exportCheckpoint('SAFETENSORS')
    const whole = await download(file)
    const etag = `"${file.sha256}"`
    const head = await fetch(reached(file), { method: 'HEAD' })
    expect(Object.fromEntries(head.headers)).toMatchObject({
      'content-length': String(file.byteSize),
      'content-disposition': `attachment; filename="${file.fileName}"`,
      'accept-ranges': 'bytes',
      etag,
    })
    expect((await head.arrayBuffer()).byteLength).toBe(0)

    const ask = (headers: Record<string, string>) => fetch(reached(file), { headers })
    for (const [range, start, end] of [
      ['bytes=0-99', 0, 100],
      [`bytes=${String(file.byteSize - 7)}-`, -7, undefined],
      ['bytes=-20', -20, undefined],
    ] as const) {
      const part = await ask({ range, 'if-range': etag })
      expect(part.status).toBe(206)
      expect(part.headers.get('content-range')).toMatch(new RegExp(`/${String(file.byteSize)}$`))
      expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(start, end))
    }
    const outside = await ask({ range: `bytes=${String(file.byteSize)}-` })
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, `bytes */${String(file.byteSize)}`])
    expect((await ask({ 'if-none-match': etag })).status).toBe(304)
    const changed = await ask({ range: 'bytes=0-99', 'if-range': '"another"' })
    expect([changed.status, changed.headers.get('content-length')]).toEqual([200, String(file.byteSize)])
    await changed.body?.cancel()
  })

  it('leads nowhere when it is wrong, over, or its checkpoint was deleted', async () => {
    const { prisma } = server.database
    const status = async (file: ExportedFile): Promise<number> => {
      const answer = await fetch(reached(file), { method: 'HEAD' })
      return answer.status
    }
    const passing = await seedModel(trunkSha256)
    const { export: expired } = await exportCheckpoint('SAFETENSORS', passing)
    const { export: orphan } = await exportCheckpoint('SAFETENSORS', passing)
    expect(await status({ ...expired, url: `${expired.url.slice(0, -1)}.` })).toBe(404)
    await prisma.export.update({ where: { token: tokenOf(expired) }, data: { expiresAt: new Date(Date.now() - 1) } })
    expect([await status(expired), await status(orphan)]).toEqual([404, 200])
    await prisma.checkpoint.delete({ where: { id: uuidOf(passing, 'Checkpoint') ?? '' } })
    expect(await status(orphan)).toBe(404)

    const sweep = () => sweepExports({ exports: new ExportRepository(prisma), storage })
    await sweep()
    expect(await storage.stat(orphan.sha256), 'put a moment ago: another server may be about to name it').not.toBeNull()
    const longAgo = new Date(Date.now() - 3_600_000)
    await utimes(storage.path(orphan.sha256), longAgo, longAgo)
    await sweep()
    expect(await storage.stat(orphan.sha256)).toBeNull()
    expect(await prisma.export.count({ where: { sha256: orphan.sha256 } })).toBe(0)
  })

  it('is refused under a name that is not ours', async () => {
    const { export: file } = await exportCheckpoint('SAFETENSORS')
    const status = await new Promise((resolve, reject) => {
      get(reached(file), { headers: { host: 'evil.example' } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      }).on('error', reject)
    })
    expect(status).toBe(403)
  })
})

function tokenOf({ url }: ExportedFile): string {
  return url.split('/').at(-1) ?? ''
}

function isSame(a: { shape: readonly number[]; data: Float32Array } | undefined, b: typeof a): boolean {
  if (a === undefined || b === undefined || String(a.shape) !== String(b.shape)) return false
  return Buffer.from(a.data.buffer).equals(Buffer.from(b.data.buffer))
}

async function classify(bytes: Buffer, checkpoint: string): Promise<Map<string, number>> {
  const { data } = await server.ask<{
    classify: { prediction: { scores: { label: string; probability: number }[] } }
  }>(
    `mutation($input: ClassifyInput!) { classify(input: $input) {
      ... on ClassifySuccess { prediction { scores { label probability } } }
    } }`,
    { input: { image: { base64: bytes.toString('base64') }, model: { checkpointId: checkpoint } } },
  )
  return new Map(data?.classify.prediction.scores.map(({ label, probability }) => [label, probability]))
}

/** ModelProto's metadata_props (field 14: 1 key, 2 value), their values being JSON. */
function metadataOf(model: Uint8Array): Record<string, unknown> {
  const reader = protobuf.Reader.create(model)
  const found: Record<string, unknown> = {}
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag >>> 3 !== 14) reader.skipType(tag & 7)
    else {
      const entry = protobuf.Reader.create(reader.bytes())
      entry.uint32()
      const key = entry.string()
      entry.uint32()
      found[key] = JSON.parse(entry.string())
    }
  }
  return found
}
