import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually, openWorkshop, type Workshop } from './fixture.js'

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 1, VALIDATION: 1, TEST: 1 })
})
afterAll(() => workshop.close())

it('a trainer whose weights are not at hand starts, warns in its log, and says why in its row', async () => {
  const missing = join(workshop.dataDir, 'missing.safetensors')
  const trainer = await workshop.startTrainer({ GRAFT_TRUNK_WEIGHTS: missing, GRAFT_LOG_LEVEL: 'warn' })
  let log = ''
  trainer.stderr?.on('data', (chunk) => (log += String(chunk)))
  const { prisma } = workshop.database
  await eventually(async () => (await prisma.trainer.count({ where: { trunkFault: { contains: missing } } })) === 1)
  await eventually(() => log.includes('The weights are not at hand'))
  expect(log).toContain(missing)
})
