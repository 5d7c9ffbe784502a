import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { servesCluster } from '../../src/database/embedded/process-facts.js'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-facts-'))
  await copyFile(await realpath('/bin/sh'), join(folder, 'postgres'))
})

afterAll(() => rm(folder, { recursive: true }))

/** A process of Postgres's name and with its arguments; where it works is hidden from whoever may not look. */
it.runIf(process.platform === 'linux')("tells a cluster's server by its arguments too", async () => {
  const child = spawn(join(folder, 'postgres'), ['-c', 'sleep 60; :', '-D', '/data/postgres/cluster'], {
    detached: true,
    stdio: 'ignore',
  })
  try {
    const pid = child.pid as number
    // Between fork and exec it has our name.
    for (let i = 0; i < 50 && !(await servesCluster(pid, '/data/postgres/cluster')); i++) await sleep(20)
    expect(await servesCluster(pid, '/data/postgres/cluster')).toBe(true)
    expect(await servesCluster(pid, '/data/postgres')).toBe(false)
    expect(await servesCluster(process.pid, '/data/postgres/cluster')).toBe(false)
  } finally {
    process.kill(-(child.pid as number), 'SIGKILL')
    await once(child, 'exit')
  }
})
