import { afterAll, beforeAll, expect, it } from 'vitest'
import { ImageChangeRepository } from '../../src/datasets/image-change.repository.js'
import { RemovedImagesRepository } from '../../src/datasets/removed-images.repository.js'
import { openWorkshop, type Workshop } from './fixture.js'

let workshop: Workshop

beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 6, VALIDATION: 2, TEST: 2 })
})

afterAll(() => workshop.close())

it('trains and evaluates a version on what it froze, whatever became of its pictures since', async () => {
  const { prisma } = workshop.database
  const changes = new ImageChangeRepository(prisma)
  const frozen = await prisma.datasetVersionImage.findMany({ orderBy: { position: 'asc' } })
  const ids = frozen.map((row) => row.imageId)
  await changes.relabel(ids, 'something else')
  await changes.remove(ids.filter((_, i) => i % 2 === 0))
  await prisma.image.updateMany({ where: { removedAt: { not: null } }, data: { removedAt: new Date(0) } })
  expect(await new RemovedImagesRepository(prisma).deleteUnheld(10)).toBe(0)

  await workshop.startTrainer()
  const run = await workshop.until(await workshop.startRun({ epochs: 1 }), (row) => row.status === 'SUCCEEDED')
  const outcomes = await prisma.outcome.findMany({
    where: { evaluationId: run.evaluationId ?? '' },
    orderBy: { position: 'asc' },
  })
  const tested = frozen.filter((row) => row.split === 'TEST')
  expect(outcomes.map((row) => [row.position, row.imageId, row.actual])).toEqual(
    tested.map((row) => [row.position, row.imageId, row.classIndex]),
  )
})
