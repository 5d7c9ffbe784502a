import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatasetVersionRepository } from '../../src/datasets/dataset-version.repository.js'
import { DatasetVersionService } from '../../src/datasets/dataset-version.service.js'
import { ImageChangeRepository } from '../../src/datasets/image-change.repository.js'
import { insertImages } from '../../src/datasets/image-insertion.js'
import { RemovedImagesRepository } from '../../src/datasets/removed-images.repository.js'
import { isRefusal } from '../../src/domain/refusals.js'
import { readManifest } from '../../src/domain/manifest.js'
import { globalId } from '../../src/graphql/ids.js'
import type { BlobStore } from '../../src/storage/blob-store.js'
import { createFileStore } from '../../src/storage/file-store.js'
import { createTestDatabase, type TestDatabase } from '../database.js'
import { digestOf, seedRun, seedVersion } from '../runs/rows.js'

let database: TestDatabase
let folder: string
let storage: BlobStore
let changes: ImageChangeRepository
let removed: RemovedImagesRepository

beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'graft-changes-'))
  storage = await createFileStore(folder)
  changes = new ImageChangeRepository(database.prisma)
  removed = new RemovedImagesRepository(database.prisma)
})

afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

function newImage(datasetId: string, label: string, name: string) {
  const sha256 = digestOf(name)
  return { datasetId, label, fileName: `${label}/${name}`, sha256, format: 'png', width: 8, height: 8, byteSize: 9 }
}

async function createDataset(perClass: number, { prisma } = database): Promise<{ id: string; imageIds: string[] }> {
  const { id } = await prisma.dataset.create({ data: { name: `changing ${String(Math.random())}` } })
  const images = ['cat', 'dog'].flatMap((label) =>
    Array.from({ length: perClass }, (_, i) => newImage(id, label, `${label} ${String(i)}`)),
  )
  const rows = await prisma.$transaction((tx) => insertImages(tx, images))
  return { id, imageIds: rows.map((row) => row.id) }
}

async function freeze(datasetId: string, { prisma } = database) {
  const service = new DatasetVersionService(new DatasetVersionRepository(prisma), storage)
  const created = await service.create({ datasetId: globalId('Dataset', datasetId), seed: 3 })
  if (isRefusal(created)) throw new Error(created.message)
  return created.version
}

describe('a picture that was removed', () => {
  it('comes back in the row that it had, once, however many add its bytes at the same time', async () => {
    const { id, imageIds } = await createDataset(2)
    const [cat = ''] = imageIds
    const { sha256 } = await database.prisma.image.findUniqueOrThrow({ where: { id: cat } })
    await changes.remove([cat])
    const again = { ...newImage(id, 'lion', 'again'), sha256 }
    const added = await Promise.all(
      Array.from({ length: 8 }, () => database.prisma.$transaction((tx) => insertImages(tx, [again]))),
    )
    expect(added.flat().map((row) => row.id)).toEqual([cat])
    expect(await database.prisma.image.findMany({ where: { datasetId: id, sha256 } })).toMatchObject([
      { id: cat, label: 'lion', fileName: 'lion/again', removedAt: null },
    ])
  })

  it('is deleted once nothing names it and nobody can be adding it, and not before', async () => {
    const { prisma } = database
    const seeded = await seedVersion(prisma, 'held')
    const [inVersion = '', inOutcome = '', inPrediction = '', free = '', ...shown] = seeded.imageIds
    await prisma.datasetVersionImage.deleteMany({ where: { imageId: { in: [inOutcome, inPrediction, free] } } })
    await holdByOutcome(inOutcome, seeded.versionId)
    const prediction = await prisma.prediction.create({
      data: { imageId: inPrediction, label: 'cat', confidence: 1, scores: [], imageSha256: 'x', latencyMs: 1 },
    })
    await changes.remove([inVersion, inOutcome, inPrediction, free])
    expect(await removed.deleteUnheld(10)).toBe(0)
    await prisma.image.updateMany({
      where: { datasetId: seeded.datasetId, removedAt: { not: null } },
      data: { removedAt: new Date(Date.now() - 3_600_000) },
    })
    expect(await removed.deleteUnheld(10)).toBe(1)
    const left = await prisma.image.findMany({ where: { datasetId: seeded.datasetId }, select: { id: true } })
    expect(left.map((row) => row.id).sort()).toEqual([inVersion, inOutcome, inPrediction, ...shown].sort())
    await prisma.prediction.delete({ where: { id: prediction.id } })
    expect(await removed.deleteUnheld(10)).toBe(1)
  })

  async function holdByOutcome(imageId: string, versionId: string): Promise<void> {
    const { prisma } = database
    const run = await seedRun(prisma, { versionId })
    const checkpoint = await prisma.checkpoint.create({
      data: {
        ...{ trainingRunId: run.id, epoch: 1, validationLoss: 1, validationAccuracy: 1, sha256: 'x', byteSize: 1 },
      },
    })
    const evaluation = await prisma.evaluation.create({
      data: { checkpointId: checkpoint.id, datasetVersionId: versionId, split: 'TEST' },
    })
    await prisma.outcome.create({
      data: {
        ...{ evaluationId: evaluation.id, imageId, position: 0, actual: 0, predicted: 0, loss: 0 },
        probabilities: [1, 0],
      },
    })
  }
})

describe('a version', () => {
  it('has the same digest on any machine, in whatever order its pictures came', async () => {
    const other = await createTestDatabase()
    try {
      const here = await createDataset(10)
      const { id } = await other.prisma.dataset.create({ data: { name: 'the same' } })
      const images = Array.from({ length: 10 }, (_, i) => ['dog', 'cat'].map((label) => ({ label, i }))).flat()
      for (const { label, i } of images.reverse()) {
        await other.prisma.$transaction((tx) => insertImages(tx, [newImage(id, label, `${label} ${String(i)}`)]))
      }
      const [one, two] = [await freeze(here.id), await freeze(id, other)]
      expect(one.digest).toBe(two.digest)
      const cat = await database.prisma.image.findFirstOrThrow({ where: { datasetId: here.id, label: 'cat' } })
      await changes.relabel([cat.id], 'dog')
      expect((await freeze(here.id)).digest).not.toBe(two.digest)
    } finally {
      await other.close()
    }
  })

  it('is one moment of its dataset, while pictures are added, relabelled, removed and renamed', async () => {
    const { prisma } = database
    const { id, imageIds } = await createDataset(60)
    // These always have one label between them, and are all there or all removed.
    const together = imageIds.slice(0, 20)
    const digests = new Set(together.map((_, i) => digestOf(`cat ${String(i)}`)))
    const rows = [...digests].map((sha256, i) => ({ ...newImage(id, 'cat', `cat ${String(i)}`), sha256 }))
    const rounds = Array.from({ length: 12 }, (_, i) => i)
    const relabelling = async () => {
      for (const round of rounds) await changes.relabel(together, round % 2 === 0 ? 'dog' : 'cat')
    }
    const removing = async () => {
      for (const _ of rounds) {
        await changes.remove(together)
        await prisma.$transaction((tx) => insertImages(tx, rows.toReversed()))
      }
    }
    const renaming = async () => {
      for (const round of rounds) {
        const [label, newLabel] = round % 2 === 0 ? ['dog', 'wolf'] : ['wolf', 'dog']
        await changes.rename({ datasetId: id, label: label, newLabel: newLabel, merge: true })
      }
    }
    const adding = async () => {
      for (const round of rounds) {
        const images = Array.from({ length: 20 }, (_, i) => newImage(id, 'cat', `new ${String(round * 10 + i)}`))
        await prisma.$transaction((tx) => insertImages(tx, images))
      }
    }
    const freezing = async () => {
      for (const _ of rounds) {
        const version = await freeze(id)
        const { classNames, entries } = readManifest((await storage.read(version.digest)).toString())
        const found = entries.filter((entry) => digests.has(entry.sha256))
        expect([0, together.length]).toContain(found.length)
        expect(new Set(found.map((entry) => classNames[entry.classIndex])).size).toBeLessThanOrEqual(1)
        const frozen = await prisma.datasetVersionImage.findMany({
          where: { versionId: version.id },
          orderBy: { position: 'asc' },
          include: { image: { select: { sha256: true } } },
        })
        expect(frozen.map((row) => [row.image.sha256, row.classIndex, row.split])).toEqual(
          entries.map((entry) => [entry.sha256, entry.classIndex, entry.split]),
        )
      }
    }
    await Promise.all([relabelling(), removing(), renaming(), adding(), freezing()])
    expect(await prisma.datasetVersion.count({ where: { datasetId: id } })).toBe(rounds.length)
  })
})
