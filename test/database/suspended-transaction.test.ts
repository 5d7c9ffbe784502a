import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../src/database/database.js'
import { isDatabaseOutOfReach } from '../../src/database/out-of-reach.js'
import { createTestDatabase, type TestDatabase } from '../database.js'
import { silent } from '../trainer/fixture.js'

let database: TestDatabase
let suspended: Database
beforeAll(async () => {
  database = await createTestDatabase()
  suspended = await openDatabase({
    config: { databaseUrl: database.url, dataDir: '' },
    ...{ applicationName: 'graft-test', log: silent, idleInTransactionMs: 500 },
  })
})
afterAll(async () => {
  await suspended.close()
  await database.close()
})

it('lets go of its rows when a transaction stands still, and takes it for an outage', async () => {
  const { id } = await database.prisma.dataset.create({ data: { name: 'held' } })
  let isHeld = (): void => undefined
  const held = new Promise<void>((resolve) => (isHeld = resolve))
  const holding = suspended.prisma
    .$transaction(async (tx) => {
      await tx.dataset.update({ where: { id }, data: { name: 'never' } })
      isHeld()
      await sleep(1500)
      await tx.dataset.update({ where: { id }, data: { name: 'never' } })
    })
    .catch((error: unknown) => error)
  await held
  await database.prisma.dataset.update({ where: { id }, data: { name: 'free' } })
  expect(isDatabaseOutOfReach(await holding)).toBe(true)
  expect(await database.prisma.dataset.findUnique({ where: { id } })).toMatchObject({ name: 'free' })
  expect(await suspended.prisma.dataset.count()).toBe(1)
})
