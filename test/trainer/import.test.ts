import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { drawPicture, eventually, openWorkshop, stopProcess, type Workshop } from './fixture.js'

const COUNT = 400

let workshop: Workshop
let directory: string
beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 1, VALIDATION: 1, TEST: 0 })
  directory = join(workshop.dataDir, 'imports', 'drawn')
  for (const [classIndex, label] of ['dots', 'stripes'].entries()) {
    await mkdir(join(directory, label), { recursive: true })
    for (let i = 0; i < COUNT / 2; i++) {
      await writeFile(join(directory, label, `${String(i)}.png`), await drawPicture(classIndex, 1000 + i))
    }
  }
})
afterAll(() => workshop.close())

it('imports pictures, and goes on with them in the next trainer after one was stopped', async () => {
  const { database, queue } = workshop
  const { prisma } = database
  const dataset = await prisma.dataset.create({ data: { name: 'imported' } })
  const { id } = await prisma.$transaction(async (tx) => {
    const row = await tx.imageImport.create({ data: { datasetId: dataset.id, directory } })
    await queue.enqueue(tx, { queue: 'import', payload: { importId: row.id } })
    return row
  })
  const progress = () => prisma.imageImport.findUniqueOrThrow({ where: { id } })

  const first = await workshop.startTrainer()
  await eventually(async () => (await progress()).processed > 0)
  await stopProcess(first, 'SIGTERM')
  const interrupted = await progress()
  await workshop.startTrainer()
  await eventually(async () => (await progress()).finishedAt !== null)

  expect(interrupted.processed).toBeLessThan(COUNT)
  expect(await progress()).toMatchObject({ state: 'SUCCEEDED', processed: COUNT, added: COUNT, rejectedCount: 0 })
  expect(await prisma.image.count({ where: { datasetId: dataset.id } })).toBe(COUNT)
})
