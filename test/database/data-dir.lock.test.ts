import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withDataDirLock } from '../../src/database/embedded/data-dir.lock.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-lock-'))
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(folder, { recursive: true })
})

describe("the data folder's lock", () => {
  it('stays with its holder when the clock jumps by an hour', async () => {
    const done: string[] = []
    let held: Promise<void> | undefined
    await new Promise<void>((resolve) => {
      held = withDataDirLock(folder, async () => {
        resolve()
        await sleep(1500)
        done.push('first')
      })
    })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
    await withDataDirLock(folder, () => Promise.resolve(done.push('second')))
    await held
    expect(done).toEqual(['first', 'second'])
  })
})
