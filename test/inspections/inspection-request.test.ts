import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { InspectionRequestRepository } from '../../src/inspections/inspection-request.repository.js'
import { InspectionService } from '../../src/inspections/inspection.service.js'
import { createQueue } from '../../src/jobs/boss-queue.js'
import type { Queue } from '../../src/jobs/queue.js'
import { globalId } from '../../src/graphql/ids.js'
import { createTestDatabase, type TestDatabase } from '../database.js'
import { digestOf } from '../runs/rows.js'
import { silent } from '../trainer/fixture.js'

let database: TestDatabase
let queue: Queue
let requests: InspectionRequestRepository
let datasetId: string

beforeAll(async () => {
  database = await createTestDatabase()
  queue = createQueue({ url: database.url, log: silent, supervise: false })
  await queue.start()
  requests = new InspectionRequestRepository(database.prisma, queue)
})

beforeEach(async () => {
  datasetId = (await database.prisma.dataset.create({ data: { name: `asked ${String(Math.random())}` } })).id
})

afterAll(async () => {
  await queue.stop()
  await database.close()
})

const health = () => database.prisma.datasetHealth.findUniqueOrThrow({ where: { datasetId } })
const trunkSha256 = digestOf('a trunk')

async function inspectedWith(sha256: string): Promise<void> {
  const state = { state: 'SUCCEEDED', computedAt: new Date(), fingerprint: '1 2' } as const
  await database.prisma.datasetHealth.create({ data: { ...state, datasetId, trunkSha256: sha256, imageSize: 96 } })
}

it('asks with the trunk that looked last, at its size or another one', async () => {
  await database.prisma.trunk.create({ data: { sha256: trunkSha256, name: 'random', pretrained: false } })
  await inspectedWith(trunkSha256)
  expect(await requests.ask(datasetId, null)).toMatchObject({ state: 'QUEUED', trunkSha256, imageSize: 96 })
  expect(await requests.ask(datasetId, 64)).toMatchObject({ trunkSha256, imageSize: 64, requests: 3 })
  expect(await queue.withoutJob('inspection', [datasetId])).toEqual([])
})

it('does not ask again for a trunk that went with its last run', async () => {
  await inspectedWith(digestOf('gone'))
  await database.prisma.$transaction((tx) => requests.askAfterChange(tx, datasetId))
  expect(await health()).toMatchObject({ state: 'QUEUED', trunkSha256: null, imageSize: 224 })
})

it('leaves a dataset alone that changes before anybody has looked at it', async () => {
  await database.prisma.$transaction((tx) => requests.askAfterChange(tx, datasetId))
  expect(await database.prisma.datasetHealth.count({ where: { datasetId } })).toBe(0)
})

it('refuses a size that the trunk does not take, and what is no dataset', async () => {
  const service = new InspectionService(requests)
  const id = globalId('Dataset', datasetId)
  for (const imageSize of [0, 31, 48, 544, -32])
    expect(await service.inspect({ datasetId: id, imageSize })).toMatchObject({ refusal: 'InvalidInput' })
  const unknown = globalId('Dataset', '00000000-0000-7000-8000-000000000000')
  for (const other of [unknown, globalId('Image', datasetId), 'nonsense'])
    expect(await service.inspect({ datasetId: other })).toMatchObject({ refusal: 'NotFound' })
})
