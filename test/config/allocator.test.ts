import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { frugalEnvironment } from '../../src/config/allocator.js'

test("a server's process gets what its allocator is to be told, beside the environment it has", () => {
  const child = spawnSync(process.execPath, ['-p', 'JSON.stringify(process.env)'], {
    env: frugalEnvironment({ PATH: process.env['PATH'], PORT: '4001' }),
  })
  expect(JSON.parse(child.stdout.toString())).toMatchObject({
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '1048576',
    PORT: '4001',
  })
})

test('what a user tells the allocator stays', () => {
  expect(frugalEnvironment({ MALLOC_ARENA_MAX: '8' })).toMatchObject({ MALLOC_ARENA_MAX: '8' })
})
