import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FeatureShardRepository } from '../../src/supervisor/feature-shard.repository.js'
import { createTestDatabase, type TestDatabase } from '../database.js'

const trainerId = randomUUID()
let database: TestDatabase
let shards: FeatureShardRepository
beforeAll(async () => {
  database = await createTestDatabase()
  shards = new FeatureShardRepository(database.prisma)
  await database.prisma.trunk.create({ data: { sha256: 'trunk', name: 'random', pretrained: false } })
})
afterAll(() => database.close())

it('forgets the shards that were not used for longest, but none of those in use', async () => {
  const names = ['old', 'used', 'fresh', 'kept']
  for (const [i, sha256] of names.entries()) {
    const owner = { featureKey: sha256 === 'kept' ? 'mine' : 'other', trunkSha256: 'trunk', trainerId }
    await shards.add(owner, { sha256, byteSize: 100, imageCount: 1 })
    await database.prisma.featureShard.update({ where: { sha256 }, data: { usedAt: new Date(1000 * (i + 1)) } })
  }
  await shards.touch(['used'])

  expect(await shards.forgetBeyond(400, ['kept'])).toEqual([])
  expect(await shards.forgetBeyond(399, ['kept'])).toEqual(['old'])
  expect(await shards.forgetBeyond(250, ['kept'])).toEqual(['fresh'])
  expect(await shards.forgetBeyond(0, ['kept'])).toEqual(['used'])
  expect((await shards.list('mine')).map(({ sha256 }) => sha256)).toEqual(['kept'])
})
