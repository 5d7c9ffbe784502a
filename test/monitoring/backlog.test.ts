import { afterAll, beforeAll, expect, it } from 'vitest'
import { BacklogRepository } from '../../src/monitoring/backlog.repository.js'
import { InspectionRequestRepository } from '../../src/inspections/inspection-request.repository.js'
import { createQueue } from '../../src/jobs/boss-queue.js'
import { createTestDatabase, type TestDatabase } from '../database.js'
import { silent } from '../trainer/fixture.js'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

it('counts inspections, those that wait by when they were asked for first', async () => {
  const { prisma } = database
  const queue = createQueue({ url: database.url, log: silent, supervise: false })
  await queue.start()
  const requests = new InspectionRequestRepository(prisma, queue)
  const [waiting, running] = await prisma.dataset.createManyAndReturn({ data: [{ name: 'waits' }, { name: 'runs' }] })
  const datasetId = waiting?.id ?? ''
  const anHourAgo = new Date(Date.now() - 3_600_000)
  await prisma.datasetHealth.createMany({
    data: [
      { datasetId, imageSize: 32, requestedAt: anHourAgo },
      { datasetId: running?.id ?? '', imageSize: 32, requestedAt: anHourAgo, state: 'RUNNING' },
    ],
  })
  const depth = async () =>
    (await new BacklogRepository(prisma).read()).queues.find(({ queue }) => queue === 'inspection')

  await requests.ask(datasetId, null)
  expect(await depth()).toMatchObject({ waiting: 1, active: 1 })
  expect((await depth())?.oldestSeconds).toBeGreaterThan(3_000)

  await prisma.datasetHealth.updateMany({ where: { datasetId }, data: { state: 'SUCCEEDED' } })
  await requests.ask(datasetId, null)
  expect((await depth())?.oldestSeconds, 'asked for anew').toBeLessThan(3_000)
  await queue.stop()
})
