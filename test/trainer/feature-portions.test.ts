import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { ClaimLostError } from '../../src/domain/claim-lost.js'
import { computationOf, type FeatureRecipe } from '../../src/features/feature-recipe.js'
import { FeaturePortionRepository, type ClaimedPortion } from '../../src/supervisor/feature-portion.repository.js'
import { FeatureShardRepository } from '../../src/supervisor/feature-shard.repository.js'
import { createTestDatabase, type TestDatabase } from '../database.js'
import { seedRun, seedTrunk, seedVersion, type SeededVersion } from '../runs/rows.js'

const KEY = 'key'
const COMPUTATION = computationOf()
const names = (...numbers: number[]) => numbers.map(String)

let database: TestDatabase
let portions: FeaturePortionRepository
let shards: FeatureShardRepository
let version: SeededVersion
let recipe: FeatureRecipe
beforeAll(async () => {
  database = await createTestDatabase()
  portions = new FeaturePortionRepository(database.prisma)
  shards = new FeatureShardRepository(database.prisma)
  version = await seedVersion(database.prisma, 'animals')
  const trunkSha256 = await seedTrunk(database.prisma)
  const rest = { imageSize: 32, view: null, computation: COMPUTATION } as const
  recipe = { trunkSha256, trunkPrecision: 'fp32', trainableLayers: 'HEAD', ...rest }
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.prisma.trainingRun.deleteMany()
  await database.prisma.featureShard.deleteMany()
})

async function owner() {
  const { id: runId } = await seedRun(database.prisma, version, { status: 'PREPARING' })
  return { runId, trainerId: randomUUID(), featureKey: KEY, recipe }
}

type Owner = Awaited<ReturnType<typeof owner>>

/** Two pictures make a portion. */
function shareOut(by: Owner, pictures: string[], { seen = 0n, own = new Set<string>() } = {}) {
  return portions.shareOut(by, { pictures, perPortion: 2, seen, own })
}

const helper = (computations = [COMPUTATION]) => portions.claimNext({ trainerId: randomUUID(), computations })

const store = (portion: ClaimedPortion | null, sha256: string) =>
  portions.complete(portion as ClaimedPortion, { sha256, byteSize: 1, imageCount: 2 })

it('gives the portions of a run to the run and to its helpers, each once and in order', async () => {
  const run = await owner()
  const { portion } = await shareOut(run, names(1, 2, 3, 4, 5))
  expect(portion?.pictures).toEqual(names(1, 2))
  const helped = await Promise.all([helper(), helper(), helper()])
  expect(helped.flatMap((each) => (each === null ? [] : [each.pictures])).toSorted()).toEqual([names(3, 4), names(5)])
  expect(helped.find((each) => each !== null)).toMatchObject({ featureKey: KEY, recipe })
})

it('gives none to a helper that computes otherwise', async () => {
  await shareOut(await owner(), names(1, 2, 3, 4))
  expect(await helper(['onnxruntime 0'])).toBeNull()
  expect(await helper()).not.toBeNull()
})

it('offers no picture twice that two runs miss, and lets either compute what the other offers', async () => {
  const [one, other] = [await owner(), await owner()]
  await shareOut(one, names(1, 2, 3, 4))
  expect((await shareOut(other, names(2, 3, 4, 5, 6))).portion?.pictures).toEqual(names(5, 6))
  expect((await shareOut(other, names(2, 3, 4))).portion?.pictures).toEqual(names(3, 4))
  expect((await shareOut(other, names(2))).portion).toBeNull()
  expect((await shareOut(one, names(1, 2))).portion).toBeNull()
})

it('tells a run of shards that it has not seen before it offers anything', async () => {
  const [one, other] = [await owner(), await owner()]
  const { portion } = await shareOut(one, names(1, 2))
  await store(portion, 'a')
  const told = await shareOut(other, names(1, 2, 3))
  expect(told).toMatchObject({ shards: [{ sha256: 'a' }], portion: null })
  expect(await database.prisma.featurePortion.count()).toBe(0)
  const seen = told.shards.at(-1)?.sequence ?? 0n
  expect((await shareOut(other, names(3), { seen })).portion?.pictures).toEqual(names(3))
  expect((await shareOut(one, names(4), { own: new Set(['a']) })).portion?.pictures).toEqual(names(4))
})

it('stores nothing for a trainer whose portion was given to somebody else', async () => {
  const run = await owner()
  const { portion: stale } = await shareOut(run, names(1, 2))
  const [seen] = await portions.held()
  if (stale === null || seen === undefined) throw new Error('Nothing is held.')
  await portions.takeFromDead(seen)
  expect(await helper()).toBeNull()
  const { portion: fresh } = await shareOut(run, names(1, 2))
  expect(fresh).toMatchObject({ id: stale.id, pictures: names(1, 2) })
  await expect(store(stale, 'late')).rejects.toThrow(ClaimLostError)
  await store(fresh, 'early')
  expect((await shards.list(KEY)).map(({ sha256 }) => sha256)).toEqual(['early'])
})

it('forgets what was offered for a run that ended', async () => {
  const [one, other] = [await owner(), await owner()]
  const { portion } = await shareOut(one, names(1, 2, 3, 4))
  await database.prisma.trainingRun.update({ where: { id: one.runId }, data: { status: 'CANCELLED' } })
  expect(await helper()).toBeNull()
  expect((await shareOut(other, names(1, 2))).portion?.pictures).toEqual(names(1, 2))
  await portions.removeNeedless()
  await expect(store(portion, 'needless')).rejects.toThrow(ClaimLostError)
  expect(await database.prisma.featurePortion.count()).toBe(1)
})
