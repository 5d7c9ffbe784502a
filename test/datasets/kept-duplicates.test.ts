import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DatasetVersionRepository } from '../../src/datasets/dataset-version.repository.js'
import { DatasetVersionService, type VersionInput } from '../../src/datasets/dataset-version.service.js'
import { fingerprintOf } from '../../src/datasets/fingerprint.js'
import { isRefusal } from '../../src/domain/refusals.js'
import { globalId } from '../../src/graphql/ids.js'
import { createFileStore } from '../../src/storage/file-store.js'
import { createTestDatabase, type TestDatabase } from '../database.js'
import { digestOf } from '../runs/rows.js'

let database: TestDatabase
let folder: string
let service: DatasetVersionService
let datasetId: string

beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'graft-kept-duplicates-'))
  service = new DatasetVersionService(new DatasetVersionRepository(database.prisma), await createFileStore(folder))
  datasetId = (await database.prisma.dataset.create({ data: { name: 'copies' } })).id
  await database.prisma.image.createMany({ data: ['cat', 'dog'].flatMap((label) => copies(label)) })
})

afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

/** 40 pictures, the first ten of them five pairs: their hashes are the first 64 bits of a digest. */
function copies(label: string) {
  return Array.from({ length: 40 }, (_, i) => {
    const sha256 = digestOf(`${label} ${String(i)}`)
    const seen = i < 10 ? `pair ${label} ${String(i >> 1)}` : sha256
    const perceptualHash = BigInt.asIntN(64, BigInt(`0x${digestOf(seen).slice(0, 16)}`))
    const size = { format: 'png', width: 64, height: 64, byteSize: 9 }
    return { datasetId, label, fileName: `${label}/${String(i)}.png`, sha256, perceptualHash, ...size }
  })
}

const create = (input: Omit<VersionInput, 'datasetId'>) =>
  service.create({ datasetId: globalId('Dataset', datasetId), ...input })

async function created(input: Omit<VersionInput, 'datasetId'>) {
  const result = await create(input)
  if (isRefusal(result)) throw new Error(result.message)
  const { id } = result.version
  const rows = await database.prisma.datasetVersionImage.findMany({
    where: { versionId: id },
    include: { image: true },
  })
  return { ...result, rows }
}

const refusalOf = async (input: Omit<VersionInput, 'datasetId'>) => {
  const result = await create(input)
  return isRefusal(result) && result.refusal === 'InvalidInput' ? result.issues : result
}

it('keeps pictures of close hashes in one part, and says how many groups there were', async () => {
  for (const seed of [0, 1, 2]) {
    const { duplicates, rows } = await created({ keepDuplicatesTogether: 'HASH', seed })
    expect(duplicates).toMatchObject({ groupCount: 10, imageCount: 20 })
    expect(rows).toHaveLength(80)
    const partsOf = new Map<bigint | null, Set<string>>()
    for (const { image, split } of rows)
      partsOf.set(image.perceptualHash, (partsOf.get(image.perceptualHash) ?? new Set()).add(split))
    expect([...partsOf.values()].filter((parts) => parts.size > 1)).toEqual([])
  }
  expect((await created({ seed: 0 })).duplicates).toBeNull()
})

it('takes the groups that an inspection of these very pictures and labels found', async () => {
  const { prisma } = database
  expect(await refusalOf({ keepDuplicatesTogether: 'HEALTH' })).toMatchObject([
    { path: ['keepDuplicatesTogether'], message: /inspectDataset/ },
  ])
  const fingerprint = await prisma.$transaction((tx) => fingerprintOf(tx, datasetId))
  const images = await prisma.image.findMany({ where: { datasetId }, orderBy: { fileName: 'asc' }, take: 12 })
  await prisma.datasetHealth.create({ data: { datasetId, state: 'SUCCEEDED', imageSize: 224, fingerprint } })
  await prisma.duplicateGroup.create({
    data: {
      ...{ datasetId, position: 0, kind: 'NEAR' },
      members: { create: images.map(({ id }) => ({ imageId: id, similarity: 0.9 })) },
    },
  })
  const { duplicates, rows } = await created({ keepDuplicatesTogether: 'HEALTH' })
  expect(duplicates).toMatchObject({ groupCount: 1, imageCount: 12 })
  const inGroup = rows.filter((row) => images.some(({ id }) => id === row.imageId))
  expect(new Set(inGroup.map((row) => row.split)).size).toBe(1)
  await prisma.image.update({ where: { id: images[0]?.id ?? '' }, data: { label: 'dog' } })
  expect(await refusalOf({ keepDuplicatesTogether: 'HEALTH' })).toHaveLength(1)
})

it('is refused beside folders that say the part, and where hashes are missing', async () => {
  const split = { fromFolders: true }
  expect(await refusalOf({ keepDuplicatesTogether: 'HASH', split })).toContainEqual({
    path: ['keepDuplicatesTogether'],
    message: 'Folders say already which part each picture plays.',
  })
  await database.prisma.image.updateMany({
    where: { datasetId, fileName: { endsWith: '/1.png' } },
    data: { perceptualHash: null },
  })
  expect(await refusalOf({ keepDuplicatesTogether: 'HASH' })).toEqual([
    {
      path: ['keepDuplicatesTogether'],
      message: '2 pictures without a perceptual hash: inspectDataset makes it.',
    },
  ])
})

it('gives the newest version instead of another of its digest, where that is asked for', async () => {
  const first = await created({ seed: 7 })
  expect((await created({ seed: 7, reuseSame: true })).version).toEqual(first.version)
  expect((await created({ seed: 7 })).version).toMatchObject({ number: first.version.number + 1 })
  expect((await created({ seed: 8, reuseSame: true })).version).toMatchObject({ number: first.version.number + 2 })
  await database.prisma.image.updateMany({ where: { fileName: 'cat/39.png' }, data: { label: 'dog' } })
  expect((await created({ seed: 8, reuseSame: true })).version).toMatchObject({ number: first.version.number + 3 })
})
