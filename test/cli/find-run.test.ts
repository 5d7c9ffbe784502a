import { afterAll, beforeAll, expect, it } from 'vitest'
import { findRun } from '../../cli/commands/runs.js'
import { createClient } from '../../client/client.js'
import { seedRun, seedVersion } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'

const NEWER_RUNS = 120
let server: TestServer

beforeAll(async () => {
  server = await createTestServer()
  const { prisma } = server.database
  const version = await seedVersion(prisma, 'pets')
  const names = ['mine', 'twice', ...Array.from({ length: NEWER_RUNS }, (_, i) => `not mine ${String(i)}`), 'twice']
  for (const name of names) await seedRun(prisma, version, { name })
})

afterAll(() => server.close())

it('finds a run by a name, however many newer ones hold that name in theirs', async () => {
  const client = createClient({ url: server.url })
  const id = await findRun(client, 'mine')
  expect(await findRun(client, id)).toBe(id)
  await expect(findRun(client, 'twice')).rejects.toThrow('Several runs are named "twice"')
})
