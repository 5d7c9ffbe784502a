import { afterAll, beforeAll, expect, it } from 'vitest'
import { DuplicateRepository, leakId } from '../../src/inspections/duplicate.repository.js'
import { createTestDatabase, type TestDatabase } from '../database.js'
import { seedVersion } from '../runs/rows.js'

let database: TestDatabase
let duplicates: DuplicateRepository

beforeAll(async () => {
  database = await createTestDatabase()
  duplicates = new DuplicateRepository(database.prisma)
})

afterAll(() => database.close())

/** Groups at 0 and 2 that leak from TRAIN into another split, and one between them of a single picture. */
async function seedLeaks(name: string): Promise<string> {
  const { datasetId, versionId, imageIds } = await seedVersion(database.prisma, name)
  await database.prisma.datasetHealth.create({ data: { datasetId, state: 'SUCCEEDED', imageSize: 96 } })
  for (const [position, members] of [[0, 1], [2], [3, 5]].entries()) {
    const group = await database.prisma.duplicateGroup.create({ data: { datasetId, position, kind: 'NEAR' } })
    const rows = members.map((at) => ({ groupId: group.id, imageId: imageIds[at] ?? '', similarity: 0.99 }))
    await database.prisma.duplicateMember.createMany({ data: rows })
  }
  return versionId
}

it('finds leaks by their ids in any order and of any version, and nothing by others', async () => {
  const [first, second] = [await seedLeaks('first'), await seedLeaks('second')]
  const unknown = '00000000-0000-7000-8000-000000000000'
  const ids = [`${second}:2`, `${first}:0`, `${first}:1`, `${unknown}:0`, first, `${first}:7`, `${second}:2`]
  const leaks = await duplicates.leaksByIds(ids)
  const found = leaks.map((leak) => leak && [leakId(leak), leak.images.map(({ split }) => split)])
  const last = [`${second}:2`, ['TRAIN', 'TEST']]
  expect(found).toEqual([last, [`${first}:0`, ['TRAIN', 'VALIDATION']], null, null, null, null, last])
})
